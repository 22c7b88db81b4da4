import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { IdentifiedEvent } from '../../domain/events/ledger-event.ts'
import { fold } from '../../domain/evolve.ts'
import { type Failure, failure } from '../../domain/failure.ts'
import type { RecordedEvent } from '../ports/event-store.ts'
import { timeLeft } from '../ports/time-left.ts'
import type { Settings } from '../settings.ts'
import { corrupt, type DecodedEvent, decodeRecorded, hashIn } from './event-text.ts'
import { type FoldedStream, unwritten } from './folded-stream.ts'
import { mayBegin } from './may-begin.ts'
import { startingState } from './starting-state.ts'

type Reader = Pick<Settings, 'store' | 'sha256' | 'timer' | 'nextTurn' | 'deadlineMs'>

/** A short first page serves most keys; after it, pages reach from one snapshot to the next. */
const firstPageSize = 8
const pageSize = 64

/** After so many pages others get their turn. Hardly a stream has so many: there is a snapshot on each of its pages. */
const yieldEvery = 8

const tooSlow = failure('StoreTimeout', 'the stream could not be read back far enough in time')

/** Gives the events of a stream one by one, from its end back, and at last none. */
const backwards = ({ store, timer, nextTurn }: Reader, stream: string, deadlineAt: number) => {
  let events: ReadonlyArray<RecordedEvent> = []
  let at = 0
  let from: bigint | 'end' = 'end'
  let pages = 0
  return async (): Promise<E.Either<Failure, RecordedEvent | undefined>> => {
    if (at === events.length && from !== -1n) {
      const count = from === 'end' ? firstPageSize : pageSize
      if (++pages % yieldEvery === 0) await nextTurn()
      if (pages > 1 && timer.monotonicMs() > deadlineAt) return E.left(tooSlow)
      const read: Awaited<ReturnType<ReturnType<typeof store.readStream>>> = await store.readStream(
        stream,
        'backwards',
        from,
        count,
        timeLeft(timer, deadlineAt)
      )()
      if (E.isLeft(read)) return read
      events = read.right
      at = 0
      const last = events.at(-1)
      from = events.length < count || last === undefined ? -1n : last.revision - 1n
    }
    return E.right(events[at++])
  }
}

/** Why an event does not follow on the one before it; undefined stands for the beginning of the stream. */
const linkFault = (
  reader: Reader,
  { recorded, metadata, event }: DecodedEvent,
  before: RecordedEvent | undefined
): Failure | undefined => {
  const { sha256, store } = reader
  if (before === undefined) {
    if (mayBegin({ sha256, store }, { recorded, metadata, event })) return undefined
    return corrupt(recorded, recorded.revision > 0n ? 'the events before it are gone' : 'it does not begin its stream')
  }
  if (hashIn(before) === metadata.previousHash && before.revision === recorded.revision - 1n) return undefined
  const decoded = decodeRecorded(sha256)(before)
  return E.isLeft(decoded) ? decoded.left : corrupt(recorded, 'it does not follow on the event before it')
}

/**
 * Folds a key's stream from its end back to the last usable snapshot, `Reserved` or `Imported` (SPEC section 7), so
 * that the work does not grow with the stream. Checks the hash chain as far as it reads, and that what it stops at
 * follows on the event before it. To reach a `snapshot` it passes over reservations that do not know the claims before
 * their own.
 */
export const readState =
  (reader: Reader) =>
  (
    stream: string,
    reach: 'record' | 'snapshot' = 'record',
    deadlineAt = reader.timer.monotonicMs() + reader.deadlineMs
  ): TaskEither<Failure, FoldedStream> =>
  async () => {
    const next = backwards(reader, stream, deadlineAt)
    const later: Array<IdentifiedEvent> = []
    let tail: DecodedEvent | undefined
    let foldStart: bigint | undefined
    let recorded = await next()
    for (;;) {
      if (E.isLeft(recorded)) return recorded
      if (recorded.right === undefined) return E.right(unwritten(reader.sha256, stream))
      const decoded = decodeRecorded(reader.sha256)(recorded.right)
      if (E.isLeft(decoded)) return decoded
      const before = await next()
      if (E.isLeft(before)) return before
      const fault = linkFault(reader, decoded.right, before.right)
      if (fault !== undefined) return E.left(fault)
      tail ??= decoded.right
      const isFirst = before.right === undefined
      const start = startingState(decoded.right, isFirst)
      if (start !== undefined) {
        foldStart ??= recorded.right.revision
        if (reach === 'record' || start.earlier !== undefined) {
          const state = fold(later.reverse(), start)
          return E.right({ state, actual: tail.recorded.revision, lastHash: tail.metadata.hash, foldStart })
        }
      }
      const { event } = decoded.right
      if (isFirst) return E.left(corrupt(recorded.right, `a stream cannot begin with ${event.type}`))
      later.push(event)
      recorded = before
    }
  }
