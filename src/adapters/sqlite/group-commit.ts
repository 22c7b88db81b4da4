import { setTimeout as sleep } from 'node:timers/promises'
import * as E from 'fp-ts/Either'
import type { Append, Appended, AppendFailure, StoreError } from '../../application/ports/event-store.ts'
import type { Connection } from './connection.ts'
import { isBusy, toStoreError } from './to-store-error.ts'
import type { Write } from './writer.ts'

type Waiting = { readonly append: Append; readonly settle: (result: E.Either<AppendFailure, Appended>) => void }

const maxAppends = 256
const maxChars = 1024 * 1024
const firstWaitMs = 1
const longestWaitMs = 25

/** Runs transactions one after another. The event loop is never held while another process holds the file. */
export type Transactions = {
  /** Begins a transaction, waiting for its turn and for the lock; then runs the work, which must end it. */
  readonly exclusively: <A>(work: () => Promise<A>, refused: (error: StoreError) => A) => Promise<A>
}

export const transactions = (connection: Connection, busyTimeoutMs: number): Transactions => {
  let turn: Promise<unknown> = Promise.resolve()

  const begin = async (): Promise<StoreError | undefined> => {
    const deadline = performance.now() + busyTimeoutMs
    for (let wait = firstWaitMs; ; wait = Math.min(longestWaitMs, wait * 2)) {
      try {
        connection.exec('BEGIN IMMEDIATE')
        return undefined
      } catch (cause) {
        if (!isBusy(cause) || performance.now() >= deadline) return toStoreError(cause)
      }
      await sleep(wait)
    }
  }

  return {
    exclusively: (work, refused) => {
      const mine = turn.then(async () => {
        const error = await begin()
        return error === undefined ? work() : refused(error)
      })
      turn = mine.catch(() => undefined)
      return mine
    }
  }
}

/** Ends the open transaction without its changes; where that fails too, SQLite has rolled back by itself. */
export const rollBack = (connection: Connection): void => {
  try {
    connection.exec('ROLLBACK')
  } catch {
    // nothing is open any more
  }
}

/** What a failed COMMIT means: a full disk and a lock leave nothing behind, any other failure may have written. */
export const commitFailure = (cause: unknown): AppendFailure => {
  const error = toStoreError(cause)
  const definite = error._tag === 'StoreFull' || error._tag === 'StoreBusy' || error._tag === 'StoreReadOnly'
  return definite ? { _tag: 'NotWritten', error } : { _tag: 'OutcomeUnknown', error }
}

const sizeOf = ({ events }: Append): number =>
  events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0)

/**
 * Appends that wait together share one transaction, each judged alone; nobody is answered before COMMIT. One that
 * comes alone waits for nothing but its turn.
 */
export const groupCommit = (
  connection: Connection,
  { exclusively }: Transactions,
  write: Write,
  committed: () => void
): ((append: Append) => Promise<E.Either<AppendFailure, Appended>>) => {
  const waiting: Array<Waiting> = []
  let scheduled = false

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

  const commitGroup = async (): Promise<void> => {
    const group = takeGroup()
    const settleAll = (result: E.Either<AppendFailure, Appended>): void => {
      for (const { settle } of group) settle(result)
    }
    const results: Array<E.Either<AppendFailure, Appended>> = []
    try {
      for (const { append } of group) results.push(write(append))
    } catch (cause) {
      rollBack(connection)
      return settleAll(E.left({ _tag: 'NotWritten', error: toStoreError(cause) }))
    }
    try {
      connection.exec('COMMIT')
    } catch (cause) {
      rollBack(connection)
      return settleAll(E.left(commitFailure(cause)))
    }
    for (const [index, { settle }] of group.entries()) {
      const result = results[index]
      if (result !== undefined) settle(result)
    }
    committed()
  }

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      await exclusively(commitGroup, (error) => {
        for (const { settle } of takeGroup()) settle(E.left({ _tag: 'NotWritten', error }))
      })
      // callers that were answered get to ask again, so that the next group is a full one
      await new Promise((resolve) => setImmediate(resolve))
    }
    scheduled = false
  }

  return (append) =>
    new Promise((settle) => {
      waiting.push({ append, settle })
      if (scheduled) return
      scheduled = true
      setImmediate(() => void drain())
    })
}
