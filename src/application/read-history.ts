import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Failure } from '../domain/failure.ts'
import { extendPast, noPast, type Past } from '../domain/past.ts'
import { corrupt, type DecodedEvent, decodeRecorded, genesisHash } from './event-text.ts'
import { type Loaded, unwritten } from './loaded.ts'
import type { Settings } from './settings.ts'
import { startingState } from './starting-state.ts'

const page = 512

type Reader = Pick<Settings, 'store' | 'sha256'>

/** Reads a whole stream forwards, page by page, checking the hash chain, and folds the pages as they come. */
export const foldHistory =
  ({ store, sha256 }: Reader) =>
  <A>(stream: string, from: A, add: (folded: A, events: ReadonlyArray<DecodedEvent>) => A): TaskEither<Failure, A> =>
  async () => {
    let folded = from
    let next: bigint | undefined
    let previousHash = genesisHash(sha256, stream)
    for (;;) {
      const read = await store.readStream(stream, 'forwards', next ?? 0n, page)()
      if (E.isLeft(read)) return read
      const decoded: Array<DecodedEvent> = []
      for (const recorded of read.right) {
        const event = decodeRecorded(sha256)(recorded)
        if (E.isLeft(event)) return event
        // where a stream begins its hash tells, not its revision: one that was deleted softly begins anew where it ended
        if (recorded.revision !== (next ?? recorded.revision) || event.right.metadata.previousHash !== previousHash) {
          return E.left(corrupt(recorded, 'it does not follow on the event before it'))
        }
        next = recorded.revision + 1n
        previousHash = event.right.metadata.hash
        decoded.push(event.right)
      }
      folded = add(folded, decoded)
      if (read.right.length < page) return E.right(folded)
    }
  }

/** Every event of a stream with its envelope, oldest first. */
export const readHistory =
  (reader: Reader) =>
  (stream: string): TaskEither<Failure, ReadonlyArray<DecodedEvent>> =>
    foldHistory(reader)(stream, [] as Array<DecodedEvent>, (all, more) => {
      all.push(...more)
      return all
    })

/** What the state has forgotten, and the stream as it stood at the end of the reading. */
export const readPast =
  (reader: Reader) =>
  (stream: string): TaskEither<Failure, { readonly past: Past; readonly loaded: Loaded }> =>
    foldHistory(reader)(
      stream,
      { past: noPast, loaded: unwritten(reader.sha256, stream) },
      ({ past, loaded }, events) => {
        const extended = extendPast(
          past,
          events.map(({ event }) => event)
        )
        const last = events.at(-1)
        return {
          past: extended,
          loaded:
            last === undefined
              ? loaded
              : {
                  state: extended.state,
                  actual: last.recorded.revision,
                  lastHash: last.metadata.hash,
                  stopAt:
                    events.findLast((event) => startingState(event) !== undefined)?.recorded.revision ?? loaded.stopAt
                }
        }
      }
    )
