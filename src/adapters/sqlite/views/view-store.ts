import { resolve } from 'node:path'
import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import * as TE from 'fp-ts/TaskEither'
import { asyncDisposable } from '../../../application/ports/async-disposable.ts'
import type { StoreError } from '../../../application/ports/event-store.ts'
import type { BesideLog } from '../../../application/ports/inline.ts'
import type { OpenedViewStore, ViewStore } from '../../../application/ports/view-store.ts'
import { type Failure, failure } from '../../../domain/failure.ts'
import { type Connect, type Connection, connect, driverFault } from '../connection.ts'
import { namingFile } from '../naming-file.ts'
import { toStoreError } from '../to-store-error.ts'
import { rollBack } from '../transactions.ts'
import { waitForLock } from '../wait-for-lock.ts'
import { openViews } from './open.ts'
import type { OpenedViews } from './opened-views.ts'
import { type SqliteViewsOptions, viewsOptionsFault } from './options.ts'
import { closeReading, snapshotOn } from './snapshot.ts'
import { viewTables } from './tables.ts'

const disposedOf = failure('StoreUnavailable', 'the store of views is disposed of')

const viewsOn = (opened: OpenedViews, connectTo: Connect, busyTimeoutMs: number): OpenedViewStore => {
  const { connection, path, broken, unusable, log, close } = opened
  // while an index is made nobody else writes: where that is a log, it is made row by row
  const tables = viewTables(connection, log === undefined ? 'when full' : 'at once')
  let ending: Promise<void> | undefined
  const naming = namingFile(path)

  /** Runs in one transaction, from the first look on; nothing else of this process comes in between. */
  const inTransaction =
    <A>(begin: 'BEGIN' | 'BEGIN IMMEDIATE', work: () => E.Either<Failure, A>): TaskEither<Failure, A> =>
    async () => {
      const deadlineAt = performance.now() + busyTimeoutMs
      try {
        return await waitForLock(
          () => deadlineAt,
          () => {
            if (ending !== undefined) return E.left(disposedOf)
            connection.exec(begin)
            try {
              const fault = unusable() ?? broken()
              const result = fault === undefined ? work() : E.left(fault)
              if (E.isLeft(result)) rollBack(connection)
              else connection.exec('COMMIT')
              // a log that is not the log any more has taken it with it, or not
              const after = E.isLeft(result) ? undefined : unusable()
              return after === undefined ? result : E.left(after)
            } catch (cause) {
              rollBack(connection)
              throw cause
            }
          }
        )
      } catch (cause) {
        return E.left(naming(unusable() ?? toStoreError(cause)))
      }
    }
  const reading = <A>(work: () => A): TaskEither<Failure, A> => inTransaction('BEGIN', () => E.right(work()))
  const writing = <A>(work: () => A): TaskEither<Failure, A> => inTransaction('BEGIN IMMEDIATE', () => E.right(work()))

  const store: ViewStore & Partial<BesideLog> = {
    generations: (name) => reading(() => tables.generations(name)),
    create: (spec, shape) => inTransaction('BEGIN IMMEDIATE', () => tables.create(spec, shape)),
    fence: (at, epoch) => writing(() => tables.fence(at, epoch)),
    load: (at, wanted) => reading(() => tables.load(at, wanted)),
    commit: (commit) => writing(() => tables.commit(commit)),
    promote: (id) => async () => {
      // others can write between one and the next
      for (let isMore = true; isMore; ) {
        const made = await writing(() => tables.makeIndex(id))()
        if (E.isLeft(made)) return made
        isMore = made.right
      }
      return writing(() => tables.promote(id))()
    },
    drop: (id) => writing(() => tables.drop(id)),
    checkpoints: (id) => reading(() => tables.checkpoints(id)),
    parked: (id) => reading(() => tables.parked(id)),
    row: (name, row) => reading(() => tables.row(name, row)),
    snapshot: (id) => async () => {
      if (ending !== undefined) return E.left(disposedOf)
      let other: Connection | undefined
      try {
        other = connectTo(path)
        const snapshot = snapshotOn(other, id)
        const fault = unusable()
        if (snapshot === undefined || fault !== undefined) closeReading(other)
        return fault === undefined ? E.right(snapshot ?? 'Gone') : E.left(fault)
      } catch (cause) {
        if (other !== undefined) closeReading(other)
        return E.left(naming(unusable() ?? toStoreError(cause)))
      }
    },
    ...(log && { besideLog: (work) => inTransaction('BEGIN IMMEDIATE', () => work({ ...tables, ...log })) }),
    dispose: () => {
      ending ??= close()
      return ending
    }
  }
  return asyncDisposable(store, (it) => it.dispose())
}

/** Opens a store of views with connections of another make, which is for tests. */
export const sqliteViewsBy =
  (connectTo: Connect) =>
  (options: SqliteViewsOptions): TaskEither<StoreError, OpenedViewStore> =>
  async () => {
    const wrong = viewsOptionsFault(options)
    if (wrong !== undefined) return E.left(wrong)
    const { file, busyTimeoutMs = 5000 } = options
    const opened = await openViews(connectTo, file, busyTimeoutMs)
    return E.isLeft(opened)
      ? E.left(namingFile(resolve(file))(opened.left))
      : E.right(viewsOn(opened.right, connectTo, busyTimeoutMs))
  }

/**
 * Views in a SQLite file, which any program that reads SQLite can read: one of their own, or that of an event store, whose
 * log they are of. Failures by tag: InvalidInput, NotAStore, UnsupportedVersion, AccessDenied, StoreReadOnly, StoreBusy,
 * StoreFull, StoreUnavailable.
 */
export const openSqliteViewsTaskEither = (options: SqliteViewsOptions): TaskEither<StoreError, OpenedViewStore> => {
  const missing = driverFault()
  return missing === undefined ? sqliteViewsBy(connect)(options) : TE.left(missing)
}
