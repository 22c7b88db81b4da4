import type { Failure } from '../../domain/failure.ts'
import type { Position } from '../ports/event-store.ts'
import type { SkippedEvent } from '../ports/view-store.ts'
import type { HistoryEntry } from '../use-cases/history.ts'

/** What a projection is fed with: an event, or one that is there and cannot be read. */
export type Item =
  | {
      readonly _tag: 'Event'
      /** The record id of its key. */
      readonly recordId: string
      /** Its place in the log. */
      readonly position: Position
      /** The event, as `history` gives it. */
      readonly entry: HistoryEntry
    }
  | {
      readonly _tag: 'Unreadable'
      /** The record id; of an event whose stream nobody can name, its place in the log. */
      readonly recordId: string
      /** A place in the log, as the store tells it. */
      readonly position: Position
      /** The name of the stream. */
      readonly stream?: string | undefined
      /** Where it stands in its stream. */
      readonly revision?: bigint | undefined
      /** Why it cannot be read. */
      readonly failure: Failure
    }

/** What messages call the place of an event. */
export const revisionIn = (item: Item): string | undefined =>
  item._tag === 'Event' ? `${item.entry.revision}` : item.revision?.toString()

/** Whether an operator had an event left out. */
export const isSkipped = (item: Item, skipped: ReadonlyArray<SkippedEvent>): boolean =>
  skipped.some(
    ({ recordId, revision, position }) =>
      recordId === item.recordId &&
      (revision === undefined ? position === item.position : revision === revisionIn(item))
  )
