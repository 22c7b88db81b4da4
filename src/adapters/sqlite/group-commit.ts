import * as E from 'fp-ts/Either'
import type { Append, Appended, AppendFailure, StoreError } from '../../application/ports/event-store.ts'
import { nextTurn } from '../node/timer.ts'
import type { Connection } from './connection.ts'
import { toStoreError } from './to-store-error.ts'
import { rollBack, type Transactions } from './transactions.ts'
import type { Write } from './writer.ts'

type Result = E.Either<AppendFailure, Appended>

type Waiting = {
  readonly append: Append
  /** Until when it waits for the lock of another process. */
  readonly until: number
  readonly settle: (result: Result) => void
}

const maxAppends = 256
const maxChars = 1024 * 1024

const sizeOf = ({ events }: Append): number =>
  events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0)

const refused = (error: StoreError): Result => E.left({ _tag: 'NotWritten', error })

export type GroupCommit = {
  readonly append: (append: Append, withinMs?: number) => Promise<Result>
  /** Resolves once nothing waits any more. */
  readonly idle: () => Promise<void>
}

/**
 * Appends that wait together share one transaction, each judged alone; nobody is answered before COMMIT. One that
 * comes alone waits for nothing but its turn.
 */
export const groupCommit = (
  connection: Connection,
  { exclusively, commit }: Transactions,
  write: Write,
  committed: () => void,
  busyTimeoutMs: number
): GroupCommit => {
  const waiting: Array<Waiting> = []
  let draining: Promise<void> | undefined

  const takeGroup = (): ReadonlyArray<Waiting> => {
    let count = 0
    for (let size = 0; count < waiting.length && count < maxAppends; count++) {
      const next = waiting[count]
      if (next === undefined) break
      size += sizeOf(next.append)
      if (count > 0 && size > maxChars) break
    }
    return waiting.splice(0, count)
  }

  /** The results of a group, in its order. */
  const writeGroup = (group: ReadonlyArray<Waiting>): ReadonlyArray<Result> => {
    const results: Array<Result> = []
    try {
      for (const { append } of group) results.push(write(append))
    } catch (cause) {
      rollBack(connection)
      return group.map(() => refused(toStoreError(cause)))
    }
    const failed = commit()
    return failed === undefined ? results : group.map(() => E.left(failed))
  }

  const commitGroup = async (): Promise<void> => {
    const group = takeGroup()
    const results = writeGroup(group)
    for (const [index, result] of results.entries()) group[index]?.settle(result)
    committed()
  }

  /** Where a lock is in the way, those that came later wait on; whatever else it is, it is so for all. */
  const refuse = (error: StoreError): void => {
    const now = performance.now()
    const left = error._tag === 'StoreBusy' ? waiting.filter(({ until }) => until > now) : []
    for (const { settle } of waiting.splice(0, waiting.length - left.length)) settle(refused(error))
  }

  /** Callers that were answered get to ask again before the next group is taken, so that it is a full one. */
  const drain = async (): Promise<void> => {
    do {
      await nextTurn()
      await exclusively(() => waiting[0]?.until ?? 0, commitGroup, refuse)
    } while (waiting.length > 0)
    draining = undefined
  }

  return {
    append: (append, withinMs = busyTimeoutMs) =>
      new Promise((settle) => {
        waiting.push({ append, until: performance.now() + Math.min(busyTimeoutMs, withinMs), settle })
        draining ??= drain()
      }),
    idle: () => draining ?? Promise.resolve()
  }
}
