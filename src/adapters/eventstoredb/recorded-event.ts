import type { AllStreamResolvedEvent, ResolvedEvent } from '@eventstore/db-client'
import type { RecordedEvent } from '../../application/ports/event-store.ts'
import { toPosition } from './position.ts'

const nowhere = { commit: 0n, prepare: 0n }

/**
 * The text of what the client parsed. For what keyfold wrote it is the very text that was stored (`toEventData` sees to
 * that); anything else is a foreign event, whose text the reader refuses by its hash.
 */
const textOf = (content: unknown): string =>
  content === undefined
    ? ''
    : content instanceof Uint8Array
      ? Buffer.from(content).toString('utf8')
      : JSON.stringify(content)

/** An event as the port gives it, from what the client gives. Undefined for an answer without one. */
export const toRecorded = ({ event }: ResolvedEvent | AllStreamResolvedEvent): RecordedEvent | undefined =>
  event && {
    id: event.id,
    type: event.type,
    data: textOf(event.data),
    metadata: textOf(event.metadata),
    stream: event.streamId,
    revision: event.revision,
    // servers before 22.6 tell positions on $all only, and nobody resumes from a stream's event
    position: toPosition(event.position ?? nowhere),
    recordedAtMs: event.created.getTime()
  }
