import * as E from 'fp-ts/Either'
import type { Append, ProposedEvent, StoreError } from '../../application/ports/event-store.ts'
import { nextRevision } from '../../domain/expected-revision.ts'
import { failure } from '../../domain/failure.ts'
import { utf8Bytes } from '../../domain/text.ts'
import { appendFault, textless } from '../common/port-fault.ts'
import { recordingTime } from '../common/recording-time.ts'
import { type Packed, packed } from './codec/event-body.ts'
import { streamName } from './codec/stream-name.ts'
import { maxEventBytes } from './row.ts'

/** An append as it goes into the file. It is numbers and bytes alone, so that any thread can write it. */
export type PackedAppend = {
  /** The stream's, as the file holds it. */
  readonly name: Buffer
  /** Whether the stream must not be there yet. */
  readonly isNew: boolean
  /** The revision of its first event. */
  readonly first: number
  /** The store's time of recording, epoch ms. */
  readonly at: number
  readonly events: ReadonlyArray<Packed>
}

/** Each of its units may take three bytes; only where that would be too many are they counted. */
const isTooLarge = (stream: string, { id, type, data, metadata }: ProposedEvent): boolean => {
  const texts = [stream, id, type, data, metadata]
  return (
    3 * texts.reduce((sum, { length }) => sum + length, 0) > maxEventBytes &&
    texts.reduce((sum, text) => sum + utf8Bytes(text), 0) > maxEventBytes
  )
}

/** What no store takes; and what no file may hold, though SQLite would take it. */
const fault = (append: Append): StoreError | undefined =>
  appendFault(append) ??
  (append.events.some((event) => isTooLarge(append.stream, event))
    ? failure('LimitExceeded', `an event holds at most ${maxEventBytes} bytes`, { limit: maxEventBytes })
    : undefined)

const packedAt = ({ stream, expected, events }: Append, at: number): PackedAppend => {
  const first = Number(nextRevision(expected))
  return {
    name: streamName(stream),
    isNew: expected._tag === 'NoStream',
    first,
    at,
    events: events.map((event, index) => packed(event, stream, first + index === 0))
  }
}

/** Judges an append by itself, and packs it. What callers whose types nobody checked hand over is `InvalidInput`. */
export const packAppend = (append: Append, now: () => number): E.Either<StoreError, PackedAppend> => {
  try {
    const wrong = fault(append)
    if (wrong !== undefined) return E.left(wrong)
    const at = recordingTime(now)
    return E.isLeft(at) ? at : E.right(packedAt(append, at.right))
  } catch (cause) {
    return E.left({ ...textless, cause })
  }
}
