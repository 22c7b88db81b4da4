import type { AppendFailure, StoreError } from '../../application/ports/event-store.ts'
import type { Connection } from './connection.ts'
import { toStoreError } from './to-store-error.ts'
import { waitForLock } from './wait-for-lock.ts'

/** Runs transactions one after another. The event loop is never held while another process holds the file. */
export type Transactions = {
  /**
   * Begins a transaction, waiting for its turn and then for the lock, until the deadline; then runs the work, which
   * must end it. It is tried once at least: a deadline that passed while others had their turn is no refusal.
   */
  readonly exclusively: <A>(
    deadlineAt: () => number,
    work: () => Promise<A>,
    refused: (error: StoreError) => A
  ) => Promise<A>
  /** Resolves once all transactions that were asked for are over. */
  readonly over: () => Promise<void>
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

/** Ends the open transaction with its changes, or tells what became of them. */
export const commit = (connection: Connection): AppendFailure | undefined => {
  try {
    connection.exec('COMMIT')
    return undefined
  } catch (cause) {
    rollBack(connection)
    return commitFailure(cause)
  }
}

/** `unusable` tells what speaks against writing to the file at all. */
export const transactions = (connection: Connection, unusable: () => StoreError | undefined): Transactions => {
  let turn: Promise<void> = Promise.resolve()

  const begin = async (deadlineAt: () => number): Promise<StoreError | undefined> => {
    try {
      await waitForLock(deadlineAt, () => connection.exec('BEGIN IMMEDIATE'))
    } catch (cause) {
      return unusable() ?? toStoreError(cause)
    }
    const error = unusable()
    if (error !== undefined) rollBack(connection)
    return error
  }

  return {
    exclusively: (deadlineAt, work, refused) => {
      const mine = turn.then(async () => {
        const error = await begin(deadlineAt)
        return error === undefined ? work() : refused(error)
      })
      turn = mine.then(
        () => undefined,
        () => undefined
      )
      return mine
    },
    over: () => turn
  }
}
