import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../../domain/failure.ts'
import type { Sha256 } from '../../../domain/hash-parts.ts'
import { recordIdIn } from '../../../domain/identity.ts'
import type { Append, AppendAtomically, AppendToStream, EventStore, RecordedEvent } from '../../ports/event-store.ts'
import { lastRevision } from '../../ports/last-revision.ts'
import { timeLeft } from '../../ports/time-left.ts'
import type { Settings } from '../../settings.ts'
import { decodeRecorded, hashIn } from '../../stream/event-text.ts'
import { fewWaits, pause } from './back-off.ts'
import type { KnownRevisions } from './known-revisions.ts'
import { missingIn } from './missing-in.ts'

/** So much of its time a read that is behind is repeated; what is left is to say so before anybody's deadline. */
const timeToCatchUp = 0.9

const behind = (stream: string): Failure => {
  const recordId = recordIdIn(stream)
  const message = `${recordId}: the store shows an older state of this stream than it has shown before`
  return failure('StoreUnavailable', message, { recordId })
}

/** Whether events of one page are whole, and each follows on the one before it. */
const holdTogether = (sha256: Sha256, page: ReadonlyArray<RecordedEvent>): boolean => {
  const oldestFirst = [...page].sort((a, b) => (a.revision < b.revision ? -1 : 1))
  return oldestFirst.every((recorded, index) => {
    const decoded = decodeRecorded(sha256)(recorded)
    const before = oldestFirst[index - 1]
    return E.isRight(decoded) && (before === undefined || decoded.right.metadata.previousHash === hashIn(before))
  })
}

/**
 * A write that succeeded tells how far its stream has got. One that met another does not: a leader tells of events, too,
 * that it has not committed, and that are never to be if it dies.
 */
const learningAppend =
  ({ append }: EventStore, known: KnownRevisions): AppendToStream =>
  (asked, withinMs) =>
  () =>
    // no `await`, here as wherever every append comes through: it takes twice the memory
    append(asked, withinMs)().then((answer) => {
      if (E.isRight(answer)) known.raise(asked.stream, answer.right.revision)
      return answer
    })

const learningAtomically =
  (appendAtomically: AppendAtomically, known: KnownRevisions): AppendAtomically =>
  (appends) =>
  async () => {
    const written: Array<readonly [stream: string, revision: bigint]> = []
    async function* noted(): AsyncGenerator<Append> {
      for await (const append of appends) {
        written.push([append.stream, lastRevision(append)])
        yield append
      }
    }
    const answer = await appendAtomically(noted())()
    if (E.isRight(answer)) for (const [stream, revision] of written) known.raise(stream, revision)
    return answer
  }

/**
 * A view of a store that never shows less of a stream than is known of it. A read that does is behind: it is repeated,
 * at another node where the store has one, until it has caught up or its time is over, and then it is `StoreUnavailable`.
 * What was removed may be missing, where the store can tell that it was.
 */
export const currentStore = (
  store: EventStore,
  known: KnownRevisions,
  { timer, random, sha256, deadlineMs }: Pick<Settings, 'timer' | 'random' | 'sha256' | 'deadlineMs'>
): EventStore => ({
  ...store,
  append: learningAppend(store, known),
  ...(store.appendAtomically && { appendAtomically: learningAtomically(store.appendAtomically, known) }),
  readStream:
    (...asked) =>
    async () => {
      const [stream, direction, from, count, withinMs = deadlineMs] = asked
      const begunAt = timer.monotonicMs()
      const triesUntil = begunAt + withinMs * timeToCatchUp
      const leftMs = (): number => timeLeft(timer, begunAt + withinMs)
      for (let attempt = 0; ; attempt++) {
        // what is learnt while the store is asked the answer need not show
        const least = known.of(stream)
        const read = await store.readStream(stream, direction, from, count, attempt === 0 ? asked[4] : leftMs())()
        if (E.isLeft(read)) return read
        const missing = least === undefined ? undefined : missingIn(least, asked, read.right)
        if (missing === undefined) {
          const last = direction === 'backwards' ? read.right[0] : read.right.at(-1)
          if (last !== undefined) known.raise(stream, last.revision)
          return read
        }
        const removed = (await store.isRemoved?.(stream, missing, leftMs())()) ?? E.right(false)
        if (E.isLeft(removed)) return removed
        const isOver = timer.monotonicMs() >= triesUntil
        const isEnd = missing === least
        if (removed.right) {
          if (!isEnd || isOver) return read
          // what came after it is read without a measure
          known.forget(stream)
          continue
        }
        // turns a store of several nodes to the one that leads; one that is never behind is right, whatever was known
        const confirmed = await store.confirmCurrent?.(leftMs())()
        if (confirmed !== undefined && E.isRight(confirmed) && confirmed.right === 'always') return read
        // damage looks the same: to say what is wrong is the part of whoever reads on
        if ((!isEnd && attempt >= fewWaits) || !holdTogether(sha256, read.right)) return read
        if (isOver) return E.left(behind(stream))
        await pause({ timer, random }, attempt, triesUntil)()
      }
    }
})
