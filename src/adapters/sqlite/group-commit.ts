import * as E from 'fp-ts/Either'
import type { Append } from '../../application/ports/event-store.ts'
import { nextTurn } from '../node/timer.ts'
import { appendQueue, type Going } from './append-queue.ts'
import type { Connection } from './connection.ts'
import type { LastPosition } from './lineage.ts'
import type { PackedAppend } from './packed-append.ts'
import { movingMean, slicedAnswers, sliceSize } from './sliced-answers.ts'
import { toStoreError } from './to-store-error.ts'
import type { Transactions } from './transactions.ts'
import { errorOf, groupMessage, resultOf } from './worker/messages.ts'
import type { WriterThread } from './worker/thread.ts'
import type { WriterThreads } from './worker/threads.ts'
import { type GroupResult, type Result, writeGroup } from './write-group.ts'
import type { Write } from './writer.ts'

export type GroupCommit = {
  readonly append: (append: Append, withinMs?: number) => Promise<Result>
  /** Resolves once nothing waits any more. */
  readonly idle: () => Promise<void>
}

/** What groups are written with. */
export type GroupWriting = {
  readonly connection: Connection
  readonly turns: Transactions
  readonly write: Write
  readonly threads: WriterThreads
  readonly last: LastPosition
  readonly now: () => number
  readonly busyTimeoutMs: number
  /** What else goes into the transaction of a group, where something does: no thread writes then. */
  readonly beforeCommit?: (() => boolean) | undefined
  /** Told after each group. */
  readonly written: () => void
  /** Told of a group that a thread could not write. */
  readonly failed: () => void
}

/** So long a thread waits for a lock at a time, ms: whoever comes meanwhile may have less time than those that it writes for. */
const longestWaitMs = 25

const packedOf = (group: ReadonlyArray<Going>): ReadonlyArray<PackedAppend> => group.map(({ packed }) => packed)

/** Whether damage was met, which may be in the way of one append alone. */
const metDamage = (group: ReadonlyArray<Going>, result: GroupResult): boolean =>
  group.length > 1 && E.isLeft(result) && result.left._tag === 'NotWritten' && result.left.error._tag === 'NotAStore'

/** The answers of a group, to be given one by one. */
const answersOf = (group: ReadonlyArray<Going>, result: GroupResult): ReadonlyArray<() => void> => {
  const results: ReadonlyArray<Result> = E.isLeft(result) ? group.map(() => result) : result.right
  return results.map((one, index) => () => group[index]?.settle(one))
}

/**
 * Appends that wait together share one transaction, each judged alone, and written alone where damage is met; nobody is
 * answered before COMMIT. One that
 * comes alone waits for nothing but its turn. Under load a thread writes one group while the callers of the one before
 * decide on the next.
 */
export const groupCommit = (writing: GroupWriting): GroupCommit => {
  const { connection, turns, write, threads, last, now, busyTimeoutMs, beforeCommit, written, failed } = writing
  const queue = appendQueue(now)
  const answers = slicedAnswers()
  const commitMs = movingMean()
  let draining: Promise<void> | undefined

  const commitHere = async (): Promise<void> => {
    const group = queue.takeGroup()
    const result = writeGroup(connection, write, turns.commit, packedOf(group), beforeCommit)
    if (metDamage(group, result)) return queue.putApart(group)
    const all = answersOf(group, result)
    // many callers go on for about as long as it took to write for them: others get their turn in between
    if (all.length > sliceSize) answers.give(all)
    else for (const answer of all) answer()
    written()
  }

  const commitBy = async (thread: WriterThread): Promise<void> => {
    // it may have ended while others had their turn
    if (thread.ended() !== undefined) return
    const waitMs = Math.min(longestWaitMs, Math.max(0, queue.firstUntil() - performance.now()))
    const group = queue.takeGroup()
    if (group.length === 0) return
    const message = E.tryCatch(() => groupMessage(packedOf(group), waitMs, last.known), toStoreError)
    // an append may be larger than what is left of this process's memory
    if (E.isLeft(message)) return answers.give(answersOf(group, E.left({ _tag: 'NotWritten', error: message.left })))
    const reply = await thread.write(message.right)
    if (reply._tag !== 'Committed') failed()
    if (reply._tag === 'Refused') {
      queue.putBack(group)
      return queue.refuse(errorOf(reply.told))
    }
    if (reply._tag === 'Committed') {
      last.known = Math.max(last.known, reply.known)
      commitMs.add(reply.commitMs)
    }
    const result = resultOf(packedOf(group), reply)
    if (metDamage(group, result)) return queue.putApart(group)
    answers.give(answersOf(group, result))
    written()
  }

  /** On a slow disk a full group is worth more than a thread that is never idle. */
  const isWorthWaiting = (): boolean => commitMs.get() > answers.meanMs() * answers.left()

  /** Until then the next group would be no full one. */
  const allAnswered = async (): Promise<void> => {
    while (answers.left() > 0) await nextTurn()
  }

  /** Writes the next group. Tells whether the one after it may follow at once. */
  const next = async (): Promise<boolean> => {
    const thread = threads.forLoad(queue.length() + answers.left())
    if (thread === undefined) {
      await turns.exclusively(queue.firstUntil, commitHere, queue.refuse)
      await allAnswered()
      return false
    }
    await turns.aside(() => commitBy(thread))
    if (!isWorthWaiting()) return true
    await allAnswered()
    return false
  }

  const drain = async (): Promise<void> => {
    let follows = false
    do {
      // callers that were answered get to ask again before the next group is taken, so that it is a full one
      if (!follows || queue.length() === 0) await nextTurn()
      follows = queue.length() > 0 && (await next())
    } while (queue.length() > 0 || answers.left() > 0)
    draining = undefined
  }

  return {
    append: (append, withinMs) =>
      new Promise((settle) => {
        const at = performance.now()
        const wantedUntil = withinMs === undefined ? undefined : at + withinMs
        queue.add({ append, until: at + Math.min(busyTimeoutMs, withinMs ?? busyTimeoutMs), wantedUntil, settle })
        draining ??= drain()
      }),
    idle: () => draining ?? Promise.resolve()
  }
}
