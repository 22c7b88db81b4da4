import { resolve } from 'node:path'
import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import * as TE from 'fp-ts/TaskEither'
import { asyncDisposable } from '../../../application/ports/async-disposable.ts'
import type { StoreError } from '../../../application/ports/event-store.ts'
import type { Generation, OpenedViewStore, ViewStore } from '../../../application/ports/view-store.ts'
import { type Failure, failure } from '../../../domain/failure.ts'
import { type Connect, type Connection, connect, driverFault, type Statement } from '../connection.ts'
import { namingFile } from '../naming-file.ts'
import { toStoreError } from '../to-store-error.ts'
import { rollBack } from '../transactions.ts'
import { waitForLock } from '../wait-for-lock.ts'
import { type Build, buildOn, commonOn } from './build.ts'
import { type OpenedViews, openViews } from './open.ts'
import { type SqliteViewsOptions, viewsOptionsFault } from './options.ts'
import { checkpointColumns, checkpointIn, generationColumns, generationIn, parkedColumns, parkedIn } from './rows.ts'
import { dropBuild, hideBuild, makeBuild, showBuild, tableOf } from './schema.ts'
import { snapshotOn } from './snapshot.ts'

const disposedOf = failure('StoreUnavailable', 'the store of views is disposed of')

/** A build that was looked up, and what is prepared for it. */
type Known = { readonly generation: Generation; readonly columns: ReadonlyArray<string>; readonly build: Build }

const viewsOn = ({ connection, path }: OpenedViews, connectTo: Connect, busyTimeoutMs: number): OpenedViewStore => {
  const common = commonOn(connection)
  const known = new Map<number, Known>()
  const find = connection.prepare(`SELECT ${generationColumns}, columns FROM generations WHERE id = ?`)
  const naming = namingFile(path)
  let isOver = false

  /** A build, while it is there: another process may have dropped it, and its number is never given again. */
  const buildOf = (id: number): Known | undefined => {
    const row = find.row([id])
    if (row === undefined) {
      known.delete(id)
      return undefined
    }
    const there = known.get(id)
    if (there !== undefined) return there
    const columns: ReadonlyArray<string> = JSON.parse(String(row[6]))
    const made = { generation: generationIn(row), columns, build: buildOn(connection, id, columns) }
    known.set(id, made)
    return made
  }

  /** Runs in one transaction, from the first look on; nothing else of this process comes in between. */
  const inTransaction =
    <A>(begin: 'BEGIN' | 'BEGIN IMMEDIATE', work: () => E.Either<Failure, A>): TaskEither<Failure, A> =>
    async () => {
      const deadlineAt = performance.now() + busyTimeoutMs
      try {
        return await waitForLock(
          () => deadlineAt,
          () => {
            if (isOver) return E.left(disposedOf)
            connection.exec(begin)
            try {
              const result = work()
              if (E.isLeft(result)) rollBack(connection)
              else connection.exec('COMMIT')
              return result
            } catch (cause) {
              rollBack(connection)
              throw cause
            }
          }
        )
      } catch (cause) {
        return E.left(naming(toStoreError(cause)))
      }
    }
  const reading = <A>(work: () => A): TaskEither<Failure, A> => inTransaction('BEGIN', () => E.right(work()))
  const writing = <A>(work: () => A): TaskEither<Failure, A> => inTransaction('BEGIN IMMEDIATE', () => E.right(work()))

  const prepared = new Map<string, Statement>()
  const statement = (sql: string): Statement => {
    const made = prepared.get(sql) ?? connection.prepare(sql)
    prepared.set(sql, made)
    return made
  }
  const rows = (sql: string, parameters: ReadonlyArray<string | number>) => statement(sql).rows(parameters)

  const store: ViewStore = {
    generations: (name) =>
      reading(() =>
        name === undefined
          ? rows(`SELECT ${generationColumns} FROM generations ORDER BY id`, []).map(generationIn)
          : rows(`SELECT ${generationColumns} FROM generations WHERE name = ? ORDER BY id`, [name]).map(generationIn)
      ),
    create: (spec, shape) =>
      inTransaction('BEGIN IMMEDIATE', () => {
        const { name, version, category, partitions, standing } = spec
        const [beside] = rows('SELECT id FROM generations WHERE name = ? AND standing = ?', [name, standing])
        if (beside !== undefined && standing === 'live') {
          return E.left(failure('Contended', `${name} has a live build already`))
        }
        if (beside !== undefined) connection.exec(dropBuild(Number(beside[0])))
        const columns = Object.keys(shape.columns)
        const { lastInsertRowid: id } = statement(
          'INSERT INTO generations (name, version, category, partitions, standing, columns) VALUES (?, ?, ?, ?, ?, ?)'
        ).run([name, version, category, partitions, standing, JSON.stringify(columns)])
        connection.exec(makeBuild(id, shape))
        for (let partition = 0; partition < partitions; partition++) {
          statement("INSERT INTO checkpoints VALUES (?, ?, 0, 0, 'start', NULL, 0, NULL, 0, 0)").run([id, partition])
        }
        if (standing === 'live') connection.exec(showBuild(name, id, columns))
        return E.right({ ...spec, id })
      }),
    fence: ({ generation, partition }, epoch) =>
      writing(() => {
        const at = common.partition(generation, partition)
        if (at === undefined) return 'Gone'
        if (at.epoch > epoch) return 'Fenced'
        common.fence.run([epoch, generation, partition])
        return 'Committed'
      }),
    load: ({ generation, partition }, wanted) =>
      reading(() => {
        const found = buildOf(generation)
        const at = common.partition(generation, partition)
        if (found === undefined || at === undefined) return 'Gone'
        const states = wanted.flatMap((row) => {
          const state = found.build.state(row, partition)
          return state === undefined ? [] : [[row, state] as const]
        })
        return { ...at, rows: new Map(states) }
      }),
    commit: (commit) =>
      writing(() => {
        const found = buildOf(commit.generation)
        const at = common.partition(commit.generation, commit.partition)
        if (found === undefined || at === undefined) return 'Gone'
        if (at.epoch > commit.epoch) return 'Fenced'
        if (at.seq !== commit.seq) return 'Moved'
        found.build.write(commit)
        common.write(found.generation.name, commit)
        return 'Committed'
      }),
    promote: (id) =>
      writing(() => {
        const found = buildOf(id)
        if (found === undefined) return 'Gone'
        const { name } = found.generation
        for (const [old] of rows('SELECT id FROM generations WHERE name = ? AND id <> ?', [name, id])) {
          connection.exec(dropBuild(Number(old)))
        }
        statement("UPDATE generations SET standing = 'live' WHERE id = ?").run([id])
        connection.exec(showBuild(name, id, found.columns))
        known.clear()
        return 'Committed'
      }),
    drop: (id) =>
      writing(() => {
        const found = buildOf(id)
        if (found?.generation.standing === 'live') connection.exec(hideBuild(found.generation.name))
        connection.exec(dropBuild(id))
        known.delete(id)
      }),
    checkpoints: (id) =>
      reading(() =>
        rows(`SELECT ${checkpointColumns} FROM checkpoints WHERE generation = ? ORDER BY partition`, [id]).map(
          checkpointIn
        )
      ),
    parked: (id) => reading(() => rows(`SELECT ${parkedColumns} FROM parked WHERE generation = ?`, [id]).map(parkedIn)),
    row: (name, row) =>
      reading(() => {
        const [live] = rows("SELECT id FROM generations WHERE name = ? AND standing = 'live'", [name])
        if (live === undefined) return []
        return rows(`SELECT state FROM ${tableOf(Number(live[0]))} WHERE row = ? ORDER BY partition`, [row]).map(
          ([state]) => String(state)
        )
      }),
    snapshot: (id) => async () => {
      if (isOver) return E.left(disposedOf)
      let other: Connection | undefined
      try {
        other = connectTo(path)
        const snapshot = snapshotOn(other, id)
        if (snapshot === undefined) other.close()
        return E.right(snapshot ?? 'Gone')
      } catch (cause) {
        other?.close()
        return E.left(naming(toStoreError(cause)))
      }
    },
    dispose: async () => {
      if (isOver) return
      isOver = true
      connection.close()
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
 * Views in a SQLite file of their own, which any program that reads SQLite can read. Failures by tag: InvalidInput,
 * NotAStore, UnsupportedVersion, AccessDenied, StoreReadOnly, StoreBusy, StoreFull, StoreUnavailable.
 */
export const openSqliteViewsTaskEither = (options: SqliteViewsOptions): TaskEither<StoreError, OpenedViewStore> => {
  const missing = driverFault()
  return missing === undefined ? sqliteViewsBy(connect)(options) : TE.left(missing)
}
