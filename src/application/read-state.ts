import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { IdentifiedEvent } from '../domain/events/ledger-event.ts'
import { fold } from '../domain/evolve.ts'
import type { Failure } from '../domain/failure.ts'
import { stateOf } from '../domain/snapshot.ts'
import type { State } from '../domain/state.ts'
import { corrupt, type DecodedEvent, decodeRecorded, genesisHash } from './event-text.ts'
import { type Loaded, unwritten } from './loaded.ts'
import type { RecordedEvent } from './ports/event-store.ts'
import type { Settings } from './settings.ts'

/** A short first page serves most keys; after it, pages reach from one snapshot to the next. */
const firstPage = 8
const page = 64

/** Where a backward reader may stop: an event after which the state is known, whatever came before. */
const startingState = ({ event, metadata }: DecodedEvent): State | undefined => {
  if (metadata.snapshot !== undefined) {
    const state = stateOf(metadata.snapshot)
    if (state !== undefined) return state
  }
  return event.type === 'Reserved' || event.type === 'Imported' ? fold([event]) : undefined
}

type Walk = {
  /** Later events, newest first, all linked to each other. */
  readonly later: Array<IdentifiedEvent>
  readonly tail?: { readonly revision: bigint; readonly hash: string }
  readonly last?: DecodedEvent
}

/** Reads one page further back. The result is a state where the walk may stop there. */
const step = (
  sha256: Settings['sha256'],
  walk: Walk,
  events: ReadonlyArray<RecordedEvent>
): E.Either<Failure, { walk: Walk; start?: State }> => {
  let { tail, last } = walk
  for (const recorded of events) {
    const decoded = decodeRecorded(sha256)(recorded)
    if (E.isLeft(decoded)) return decoded
    const { event, metadata } = decoded.right
    if (last !== undefined && last.metadata.previousHash !== metadata.hash) {
      return E.left(corrupt(last.recorded, 'it does not follow on the event before it'))
    }
    if (recorded.revision === 0n && metadata.previousHash !== genesisHash(sha256, recorded.stream)) {
      return E.left(corrupt(recorded, 'it does not begin its stream'))
    }
    tail ??= { revision: recorded.revision, hash: metadata.hash }
    last = decoded.right
    const start = startingState(decoded.right)
    if (start !== undefined) return E.right({ walk: { later: walk.later, tail, last }, start })
    if (recorded.revision === 0n) return E.left(corrupt(recorded, `a stream cannot begin with ${event.type}`))
    walk.later.push(event)
  }
  return E.right({ walk: { later: walk.later, ...(tail && { tail }), ...(last && { last }) } })
}

/**
 * Folds a key's stream from its end back to the last usable snapshot, `Reserved` or `Imported` (SPEC section 7), so
 * that the work does not grow with the stream. Checks the hash chain as far as it reads.
 */
export const readState =
  ({ store, sha256 }: Pick<Settings, 'store' | 'sha256'>) =>
  (stream: string): TaskEither<Failure, Loaded> =>
  async () => {
    let walk: Walk = { later: [] }
    for (let count = firstPage; ; count = page) {
      const from = walk.last === undefined ? 'end' : walk.last.recorded.revision - 1n
      const events = await store.readStream(stream, 'backwards', from, count)()
      if (E.isLeft(events)) return events
      const stepped = step(sha256, walk, events.right)
      if (E.isLeft(stepped)) return stepped
      const { start } = stepped.right
      walk = stepped.right.walk
      if (start !== undefined && walk.tail !== undefined) {
        const { revision: actual, hash: lastHash } = walk.tail
        return E.right({ state: fold(walk.later.reverse(), start), actual, lastHash })
      }
      if (events.right.length < count) {
        return walk.last === undefined
          ? E.right(unwritten(sha256, stream))
          : E.left(corrupt(walk.last.recorded, 'the events before it are gone'))
      }
    }
  }
