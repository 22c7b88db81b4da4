import * as E from 'fp-ts/Either'
import { fold } from '../../../../domain/evolve.ts'
import type { Failure } from '../../../../domain/failure.ts'
import type { Settings } from '../../../settings.ts'
import { corrupt, type DecodedEvent, decodeRecorded } from '../../../stream/event-text.ts'
import { mayBegin } from '../../../stream/may-begin.ts'
import { startingState } from '../../../stream/starting-state.ts'
import type { Link } from './judge-event.ts'

type Reader = Pick<Settings, 'store' | 'sha256' | 'nextTurn'>

/** Pages reach from one snapshot to the next. */
const pageSize = 64

/** What a state weighs that was read back, bytes: its texts are not counted a second time. */
const weight = 4096

/** The link at the last of some events, newest first, of which the last is where a fold can begin. */
const linkOf = (events: ReadonlyArray<DecodedEvent>, isFirst: boolean): Link | undefined => {
  const [newest] = events
  const start = events.at(-1)
  const state = start && startingState(start, isFirst)
  if (newest === undefined || state === undefined) return undefined
  const later = events.slice(0, -1).reverse()
  return {
    revision: newest.recorded.revision,
    hash: newest.metadata.hash,
    previousHash: newest.metadata.previousHash,
    state: fold(
      later.map(({ event }) => event),
      state
    ),
    weight: weight + events.reduce((sum, { recorded }) => sum + recorded.data.length, 0)
  }
}

/**
 * The link before a revision of a stream, folded from the last snapshot that knows all that a state knows: undefined where
 * nothing is before it. For streams that were let go of meanwhile, or were begun before the place in the log from which
 * it is read.
 */
export const linkBefore =
  (reader: Reader) =>
  async (stream: string, revision: bigint): Promise<E.Either<Failure, Link | undefined>> => {
    const { store, sha256, nextTurn } = reader
    const events: Array<DecodedEvent> = []
    for (let from = revision - 1n; from >= 0n; from -= BigInt(pageSize)) {
      const read = await store.readStream(stream, 'backwards', from, pageSize)()
      if (E.isLeft(read)) return read
      for (const recorded of read.right) {
        const decoded = decodeRecorded(sha256)(recorded)
        if (E.isLeft(decoded)) return decoded
        const after = events.at(-1)
        if (after !== undefined && after.metadata.previousHash !== decoded.right.metadata.hash) {
          return E.left(corrupt(after.recorded, 'it does not follow on the event before it'))
        }
        events.push(decoded.right)
        const isFirst = recorded.revision === 0n
        const start = startingState(decoded.right, isFirst)
        if (start !== undefined && (isFirst || start.earlier !== undefined)) return E.right(linkOf(events, isFirst))
      }
      if (read.right.length < pageSize) break
      await nextTurn()
    }
    const oldest = events.at(-1)
    if (oldest === undefined) return E.right(undefined)
    const link = mayBegin(reader, oldest) ? linkOf(events, true) : undefined
    return link === undefined ? E.left(corrupt(oldest.recorded, 'it does not begin its stream')) : E.right(link)
  }
