import * as E from 'fp-ts/Either'
import type { ViewTables } from '../../../application/ports/inline.ts'
import type { Cursor, Generation } from '../../../application/ports/view-store.ts'
import { failure } from '../../../domain/failure.ts'
import type { Connection, Row, Statement } from '../connection.ts'
import { type Build, buildOn, commonOn } from './build.ts'
import { makeBuild, makeIndex, tableOf } from './forms.ts'
import { commitTo, forget, knownRow, placeOf, remembered, type ViewMemory } from './memory.ts'
import {
  checkpointColumns,
  checkpointIn,
  columnsIn,
  generationColumns,
  generationIn,
  parkedColumns,
  parkedIn
} from './rows.ts'
import { dropBuild, hideBuild, showBuild } from './schema.ts'

/** A build that was looked up, and what is prepared for it. */
type Known = { readonly generation: Generation; readonly columns: ReadonlyArray<string>; readonly build: Build }

/** So many objects a file's schema holds at most: a store looks at all of them whenever one changes. */
export const mostObjects = 2048

const tooMany = failure('LimitExceeded', `a file holds at most ${mostObjects} tables, indexes and views`, {
  limit: mostObjects
})

/** Views, and how to have the indexes of a build made one by one, before it is promoted, which makes all that are missing. */
export type IndexedTables = ViewTables & {
  /** Makes an index that a build is to have and has not; whether there was one. */
  readonly makeIndex: (generation: number) => boolean
}

/** When a build that nobody reads yet has its indexes made: with its table, or once it is full, which is several times quicker. */
export type Indexing = 'at once' | 'when full'

/**
 * What is done with views within a transaction that is open. Throws what SQLite throws. With a memory, what it knows is not
 * asked for again.
 */
export const viewTables = (connection: Connection, indexing: Indexing, memory?: ViewMemory): IndexedTables => {
  const common = commonOn(connection)
  const known = new Map<number, Known>()
  const find = connection.prepare(`SELECT ${generationColumns}, columns FROM generations WHERE id = ?`)

  /** A build, while it is there: another process may have dropped it, and its number is never given again. */
  const buildOf = (id: number): Known | undefined => {
    const row = remembered(memory?.builds, id, () => find.row([id]))
    if (row === undefined) {
      known.delete(id)
      return undefined
    }
    const there = known.get(id)
    if (there !== undefined) return { ...there, generation: generationIn(row) }
    const { columns } = columnsIn(row[6])
    const made = { generation: generationIn(row), columns, build: buildOn(connection, id, columns) }
    known.set(id, made)
    return made
  }

  const partitionAt = (at: Cursor) =>
    remembered(memory?.partitions, placeOf(at), () => common.partition(at.generation, at.partition))

  const forgetAll = (): void => {
    if (memory !== undefined) forget(memory)
  }

  const prepared = new Map<string, Statement>()
  const statement = (sql: string): Statement => {
    const made = prepared.get(sql) ?? connection.prepare(sql)
    prepared.set(sql, made)
    return made
  }
  const rows = (sql: string, parameters: ReadonlyArray<string | number>): ReadonlyArray<Row> =>
    statement(sql).rows(parameters)

  const setColumns = (id: number, all: ReadonlyArray<unknown>): void => {
    statement('UPDATE generations SET columns = ? WHERE id = ?').run([JSON.stringify(all), id])
  }

  const indexNext = (id: number): boolean => {
    const row = find.row([id])
    const { columns, indexes } = columnsIn(row?.[6] ?? '[]')
    const names = indexes.at(-1)
    if (names === undefined) return false
    forgetAll()
    connection.exec(makeIndex(id, indexes.length - 1, names))
    setColumns(id, [...columns, ...indexes.slice(0, -1)])
    return true
  }

  const indexAll = (id: number): void => {
    // each round makes one of the few that there are
    while (indexNext(id));
  }

  return {
    makeIndex: indexNext,
    generations: (name) =>
      remembered(memory?.generations, name, () =>
        name === undefined
          ? rows(`SELECT ${generationColumns} FROM generations ORDER BY id`, []).map(generationIn)
          : rows(`SELECT ${generationColumns} FROM generations WHERE name = ? ORDER BY id`, [name]).map(generationIn)
      ),
    create: (spec, shape) => {
      forgetAll()
      const { name, version, category, partitions, standing } = spec
      const [beside] = rows('SELECT id FROM generations WHERE name = ? AND standing = ?', [name, standing])
      if (beside !== undefined && standing === 'live') {
        return E.left(failure('Contended', `${name} has a live build already`))
      }
      if (beside !== undefined) connection.exec(dropBuild(Number(beside[0])))
      const columns = Object.keys(shape.columns)
      const { lastInsertRowid: id } = statement(
        'INSERT INTO generations (name, version, category, partitions, standing, columns) VALUES (?, ?, ?, ?, ?, ?)'
      ).run([name, version, category, partitions, standing, JSON.stringify([...columns, ...shape.indexes])])
      connection.exec(makeBuild(id, shape.columns))
      if (standing === 'live' || indexing === 'at once') indexAll(id)
      for (let partition = 0; partition < partitions; partition++) {
        statement("INSERT INTO checkpoints VALUES (?, ?, 0, 0, 'start', NULL, 0, NULL, 0, 0)").run([id, partition])
      }
      if (standing === 'live') connection.exec(showBuild(name, id, columns))
      const [count] = rows('SELECT count(*) FROM sqlite_schema', [])
      return Number(count?.[0]) > mostObjects ? E.left(tooMany) : E.right({ ...spec, id })
    },
    fence: (cursor, epoch) => {
      const { generation, partition } = cursor
      const at = partitionAt(cursor)
      if (at === undefined) return 'Gone'
      if (at.epoch > epoch) return 'Fenced'
      forgetAll()
      common.fence.run([epoch, generation, partition])
      return 'Committed'
    },
    load: (cursor, wanted) => {
      const { generation, partition } = cursor
      const found = buildOf(generation)
      const at = partitionAt(cursor)
      if (found === undefined || at === undefined) return 'Gone'
      const states = wanted.flatMap((row) => {
        const there = knownRow(memory, cursor, row)
        const state = there === undefined ? found.build.state(row, partition) : there.state
        return state === undefined ? [] : [[row, state] as const]
      })
      return { ...at, rows: new Map(states) }
    },
    commit: (commit) => {
      const found = buildOf(commit.generation)
      const at = partitionAt(commit)
      if (found === undefined || at === undefined) return 'Gone'
      if (at.epoch > commit.epoch) return 'Fenced'
      if (at.seq !== commit.seq) return 'Moved'
      found.build.write(commit, (row) => knownRow(memory, commit, row))
      common.write(found.generation.name, commit)
      if (memory !== undefined) commitTo(memory, at, commit)
      return 'Committed'
    },
    promote: (id) => {
      forgetAll()
      const found = buildOf(id)
      if (found === undefined) return 'Gone'
      const { name } = found.generation
      indexAll(id)
      for (const [old] of rows('SELECT id FROM generations WHERE name = ? AND id <> ?', [name, id])) {
        connection.exec(dropBuild(Number(old)))
      }
      statement("UPDATE generations SET standing = 'live' WHERE id = ?").run([id])
      connection.exec(showBuild(name, id, found.columns))
      known.clear()
      return 'Committed'
    },
    drop: (id) => {
      forgetAll()
      const found = buildOf(id)
      if (found?.generation.standing === 'live') connection.exec(hideBuild(found.generation.name))
      connection.exec(dropBuild(id))
      known.delete(id)
    },
    checkpoints: (id) =>
      remembered(memory?.checkpoints, id, () =>
        rows(`SELECT ${checkpointColumns} FROM checkpoints WHERE generation = ? ORDER BY partition`, [id]).map(
          checkpointIn
        )
      ),
    parked: (id) => rows(`SELECT ${parkedColumns} FROM parked WHERE generation = ?`, [id]).map(parkedIn),
    row: (name, row) => {
      const [live] = rows("SELECT id FROM generations WHERE name = ? AND standing = 'live'", [name])
      if (live === undefined) return []
      return rows(`SELECT state FROM ${tableOf(Number(live[0]))} WHERE row = ? ORDER BY partition`, [row]).map(
        ([state]) => String(state)
      )
    }
  }
}
