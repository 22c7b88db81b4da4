import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { type Failure, failure } from '../../domain/failure.ts'
import { extendPast, noPast, type Past } from '../../domain/past.ts'
import { timeLeft } from '../ports/time-left.ts'
import type { Settings } from '../settings.ts'
import { corrupt, type DecodedEvent, decodeRecorded } from './event-text.ts'
import { type FoldedStream, unwritten } from './folded-stream.ts'
import { mayBegin } from './may-begin.ts'
import { startingState } from './starting-state.ts'

const pageSize = 512

type Reader = Pick<Settings, 'store' | 'sha256' | 'timer' | 'nextTurn'>

const tooSlow = failure('StoreTimeout', 'the whole stream could not be read in time')

/** Asked before each page is read: what the reading ends with, if anything. */
export type Ending = () => Failure | undefined

const goesOn: Ending = () => undefined

/**
 * Reads a whole stream forwards, page by page, checking the hash chain, and folds the pages as they come. Others get their
 * turn between two pages.
 */
export const foldHistory =
  ({ store, sha256, timer, nextTurn }: Reader) =>
  <A>(
    stream: string,
    deadlineAt: number,
    from: A,
    add: (folded: A, events: ReadonlyArray<DecodedEvent>) => A,
    ending: Ending = goesOn
  ): TaskEither<Failure, A> =>
  async () => {
    let folded = from
    let next: bigint | undefined
    let previousHash = ''
    for (;;) {
      if (next !== undefined) await nextTurn()
      const ended = ending()
      if (ended !== undefined) return E.left(ended)
      if (timer.monotonicMs() > deadlineAt) return E.left(tooSlow)
      const withinMs = deadlineAt < Number.POSITIVE_INFINITY ? timeLeft(timer, deadlineAt) : undefined
      const read = await store.readStream(stream, 'forwards', next ?? 0n, pageSize, withinMs)()
      if (E.isLeft(read)) return read
      const decoded: Array<DecodedEvent> = []
      for (const recorded of read.right) {
        const event = decodeRecorded(sha256)(recorded)
        if (E.isLeft(event)) return event
        const follows =
          next === undefined
            ? mayBegin({ store, sha256 }, event.right)
            : recorded.revision === next && event.right.metadata.previousHash === previousHash
        if (!follows) {
          return E.left(corrupt(recorded, 'it does not follow on the event before it'))
        }
        next = recorded.revision + 1n
        previousHash = event.right.metadata.hash
        decoded.push(event.right)
      }
      folded = add(folded, decoded)
      if (read.right.length < pageSize) return E.right(folded)
    }
  }

/** Every event of a stream with its envelope, oldest first. */
export const readHistory =
  (reader: Reader) =>
  (stream: string, ending?: Ending): TaskEither<Failure, ReadonlyArray<DecodedEvent>> =>
    foldHistory(reader)(
      stream,
      Number.POSITIVE_INFINITY,
      [] as Array<DecodedEvent>,
      (all, more) => {
        all.push(...more)
        return all
      },
      ending
    )

/** What the state has forgotten, and the stream as it stood at the end of the reading. */
export const readPast =
  (reader: Reader) =>
  (stream: string, deadlineAt: number): TaskEither<Failure, { readonly past: Past; readonly folded: FoldedStream }> =>
    foldHistory(reader)(
      stream,
      deadlineAt,
      { past: noPast, folded: unwritten(reader.sha256, stream) },
      ({ past, folded }, events) => {
        const extended = extendPast(
          past,
          events.map(({ event }) => event)
        )
        const last = events.at(-1)
        return {
          past: extended,
          folded:
            last === undefined
              ? folded
              : {
                  state: extended.state,
                  actual: last.recorded.revision,
                  lastHash: last.metadata.hash,
                  foldStart:
                    events.findLast((event) => startingState(event) !== undefined)?.recorded.revision ??
                    folded.foldStart
                }
        }
      }
    )
