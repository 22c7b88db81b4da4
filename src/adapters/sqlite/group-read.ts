import * as E from 'fp-ts/Either'
import type { RecordedEvent, StoreError } from '../../application/ports/event-store.ts'
import { everybodyWaits, nextTurn } from '../node/timer.ts'
import { isBusy, toStoreError } from './to-store-error.ts'
import { waitForLock } from './wait-for-lock.ts'

type Result = E.Either<StoreError, ReadonlyArray<RecordedEvent>>

type Waiting = {
  readonly read: () => Result
  /** Until when it waits for the lock of another process. */
  readonly until: number
  readonly settle: (result: Result) => void
}

/** So many reads share a transaction at most. */
const maxReads = 64

/** What speaks against reading at all, and what against an answer out of what was read: that is asked afterwards. */
export type ReaderWatch = {
  readonly ended: () => StoreError | undefined
  readonly unusable: () => StoreError | undefined
}

/** Reads a stream together with what others wait to read; waits so long for a lock, ms. */
export type GroupRead = (read: () => Result, withinMs: number) => Promise<Result>

/** A read that finds damage fails alone. A lock is in the way of all that were to be read with it. */
const resultOf = ({ read }: Waiting): Result => {
  try {
    return read()
  } catch (cause) {
    if (isBusy(cause)) throw cause
    return E.left(toStoreError(cause))
  }
}

/**
 * Reads that wait together share one transaction, which is begun after all of them were asked for, and what watches over
 * the file is asked once for all of them before anybody is answered: that costs several times what one read does.
 */
export const groupRead = (
  inTransaction: <A>(read: () => A) => E.Either<StoreError, A>,
  { ended, unusable }: ReaderWatch
): GroupRead => {
  const waiting: Array<Waiting> = []
  let draining = false

  const readGroup = (group: ReadonlyArray<Waiting>): ReadonlyArray<Result> => {
    const over = ended()
    const read = over === undefined ? inTransaction(() => group.map(resultOf)) : E.left(over)
    const error = unusable()
    if (error !== undefined) return group.map(() => E.left(error))
    return E.isLeft(read) ? group.map(() => read) : read.right
  }

  /** Those whose time is over are refused; whatever is no lock is in the way of all. */
  const refuse = (cause: unknown): void => {
    const error = unusable() ?? toStoreError(cause)
    const now = performance.now()
    const left = isBusy(cause) ? waiting.filter(({ until }) => until > now) : []
    for (const { until, settle } of waiting.splice(0, waiting.length, ...left)) {
      if (left.length === 0 || until <= now) settle(E.left(error))
    }
  }

  const firstUntil = (): number =>
    waiting.reduce((first, { until }) => Math.min(first, until), Number.POSITIVE_INFINITY)

  const readNext = async (): Promise<void> => {
    try {
      const results = await waitForLock(firstUntil, () => readGroup(waiting.slice(0, maxReads)))
      const group = waiting.splice(0, results.length)
      for (const [index, result] of results.entries()) group[index]?.settle(result)
    } catch (cause) {
      refuse(cause)
    }
  }

  /** Whoever asks before all others have come to a wait is in the group. After every fourth group they have a turn. */
  const drain = async (): Promise<void> => {
    draining = true
    await everybodyWaits()
    for (let groups = 1; waiting.length > 0; groups++) {
      await readNext()
      await (groups % 4 === 0 ? nextTurn() : everybodyWaits())
    }
    draining = false
  }

  return (read, withinMs) =>
    new Promise((settle) => {
      waiting.push({ read, until: performance.now() + withinMs, settle })
      if (!draining) void drain()
    })
}
