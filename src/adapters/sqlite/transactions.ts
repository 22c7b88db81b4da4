import type { AppendFailure, StoreError } from '../../application/ports/event-store.ts'
import type { Connection } from './connection.ts'
import { toStoreError } from './to-store-error.ts'
import { waitForLock } from './wait-for-lock.ts'

/** Why a transaction was not committed, or whether it was is not known. */
export type CommitFailure = Exclude<AppendFailure, { readonly _tag: 'WrongExpectedRevision' }>

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
  /** Runs work that writes by another connection of this store, while this one rests: never both at once. */
  readonly aside: <A>(work: () => Promise<A>) => Promise<A>
  /** Ends the open transaction with its changes, or tells what became of them. */
  readonly commit: () => CommitFailure | undefined
  /** Resolves once all transactions that were asked for are over. */
  readonly idle: () => Promise<void>
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
export const commitFailure = (cause: unknown): CommitFailure => {
  const error = toStoreError(cause)
  const definite = error._tag === 'StoreFull' || error._tag === 'StoreBusy' || error._tag === 'StoreReadOnly'
  return definite ? { _tag: 'NotWritten', error } : { _tag: 'OutcomeUnknown', error }
}

/** What speaks against a file that is in use. */
export type Watch = {
  /** Whether it is still the file, and its log, that were opened, and this process's locks hold. */
  readonly unusable: () => StoreError | undefined
  /** Whether it goes on as it was, as seen from within the open transaction. Throws what SQLite throws. */
  readonly broken: () => StoreError | undefined
  readonly committed: () => void
}

export const transactions = (connection: Connection, { unusable, broken, committed }: Watch): Transactions => {
  let turn: Promise<void> = Promise.resolve()

  const begin = async (deadlineAt: () => number): Promise<StoreError | undefined> => {
    try {
      await waitForLock(deadlineAt, () => connection.exec('BEGIN IMMEDIATE'))
    } catch (cause) {
      return unusable() ?? toStoreError(cause)
    }
    try {
      const error = unusable() ?? broken()
      if (error !== undefined) rollBack(connection)
      return error
    } catch (cause) {
      rollBack(connection)
      return toStoreError(cause)
    }
  }

  const commit = (): CommitFailure | undefined => {
    const before = unusable()
    if (before !== undefined) {
      rollBack(connection)
      return { _tag: 'NotWritten', error: before }
    }
    try {
      connection.exec('COMMIT')
    } catch (cause) {
      rollBack(connection)
      return commitFailure(cause)
    }
    committed()
    // a log that is not the log any more has taken the changes with it, or not
    const after = unusable()
    return after && { _tag: 'OutcomeUnknown', error: after }
  }

  const inTurn = <A>(work: () => Promise<A>): Promise<A> => {
    const mine = turn.then(work)
    turn = mine.then(
      () => undefined,
      () => undefined
    )
    return mine
  }

  return {
    exclusively: (deadlineAt, work, refused) =>
      inTurn(async () => {
        const error = await begin(deadlineAt)
        return error === undefined ? work() : refused(error)
      }),
    aside: inTurn,
    commit,
    idle: () => turn
  }
}
