import * as E from 'fp-ts/Either'
import type { StoreError } from '../../../application/ports/event-store.ts'
import type { Inline } from '../../../application/ports/inline.ts'
import { nextTurn } from '../../node/timer.ts'
import type { Connection } from '../connection.ts'
import type { LastPosition, Lineage } from '../lineage.ts'
import type { LogGuard } from '../log-guard.ts'
import type { Opened } from '../open.ts'
import { toStoreError } from '../to-store-error.ts'
import { rollBack, type Transactions, transactions } from '../transactions.ts'
import { makeInStore } from '../views/schema.ts'
import { type KeptViews, keptViews } from './kept-views.ts'

/** More rounds than it takes to come to where the log ended when they began: writers may be quicker. */
const moreRounds = 100

/** Runs work in a transaction of its own; a `Left` takes it back. */
const inOne = <A>(
  connection: Connection,
  { exclusively, commit }: Transactions,
  busyTimeoutMs: number,
  work: () => E.Either<StoreError, A>
): Promise<E.Either<StoreError, A>> => {
  const deadlineAt = performance.now() + busyTimeoutMs
  return exclusively<E.Either<StoreError, A>>(
    () => deadlineAt,
    async () => {
      try {
        const done = work()
        const failed = E.isLeft(done) ? rollBack(connection) : commit()
        return failed === undefined ? done : E.left(failed.error)
      } catch (cause) {
        rollBack(connection)
        return E.left(toStoreError(cause))
      }
    },
    E.left
  )
}

/**
 * Takes the views of a store in hand: makes what is not there yet, and brings them level with the log, a part in each
 * transaction, so that others can write in between. One that is of another version, category or log is why the store is not
 * opened; one that cannot be kept for else is left behind, as by an append.
 */
export const openKept = async (
  { connection, prepared: { broken } }: Opened<Pick<Lineage, 'broken'>>,
  guard: LogGuard,
  last: LastPosition,
  inline: ReadonlyArray<Inline>,
  busyTimeoutMs: number
): Promise<E.Either<StoreError, KeptViews>> => {
  let taken: KeptViews | undefined
  const turns = transactions(connection, {
    unusable: guard.broken,
    broken: () => {
      taken?.begin()
      return broken()
    },
    committed: () => taken?.committed()
  })
  const inTransaction = <A>(work: () => E.Either<StoreError, A>) => inOne(connection, turns, busyTimeoutMs, work)
  const made = await inTransaction(() => {
    const fault = makeInStore(connection)
    return fault === undefined ? E.right(undefined) : E.left(fault)
  })
  if (E.isLeft(made)) return made
  const opened = E.tryCatch(() => keptViews(connection, last, inline), toStoreError)
  if (E.isLeft(opened)) return opened
  const kept = opened.right
  taken = kept
  const prepared = await inTransaction(kept.prepare)
  if (E.isLeft(prepared)) return prepared
  // each round takes one position in at least
  const mostRounds = last.known + moreRounds
  for (let round = 0; round < mostRounds; round++) {
    const done = await inTransaction(() => E.right(kept.advance()))
    if (E.isLeft(done)) return done
    if (done.right) break
    await nextTurn()
  }
  return opened
}
