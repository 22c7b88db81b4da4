import type { Loaded, RowChange, ViewCommit } from '../../../application/ports/view-store.ts'
import type { Connection, Parameter, Statement } from '../connection.ts'
import { quote, tableOf } from './forms.ts'
import {
  checkpointColumns,
  checkpointIn,
  checkpointRow,
  parkedColumns,
  parkedIn,
  parkedRow,
  skippedColumns,
  skippedIn,
  skippedRow
} from './rows.ts'

/** The statements of one build's table. Every name in them was checked when the projection was. */
export type Build = {
  readonly state: (row: string, partition: number) => string | undefined
  /** Of a row that is known as it stands only what is other is written. */
  readonly write: (commit: ViewCommit, known: (row: string) => RowChange | undefined) => void
}

/** So many sets of columns that change together have a statement of their own. */
const mostSets = 64

const marks = (count: number): string => Array.from({ length: count }, () => '?').join(', ')

const byName = (a: RowChange, b: RowChange): number => (a.row < b.row ? -1 : 1)

export const buildOn = (connection: Connection, generation: number, columns: ReadonlyArray<string>): Build => {
  const table = tableOf(generation)
  const names = ['row', 'partition', 'state', ...columns]
  const replaced = ['state', ...columns].map((name) => `${quote(name)} = excluded.${quote(name)}`).join(', ')
  const find = connection.prepare(`SELECT state FROM ${table} WHERE row = ? AND partition = ?`)
  const remove = connection.prepare(`DELETE FROM ${table} WHERE row = ? AND partition = ?`)
  const put = connection.prepare(
    `INSERT INTO ${table} (${names.map(quote).join(', ')}) VALUES (${marks(names.length)})
     ON CONFLICT (row, partition) DO UPDATE SET ${replaced}`
  )
  const changes = new Map<string, Statement>()

  /** What sets some columns; an index over others is left alone, which one over the same value would not be. */
  const setting = (some: ReadonlyArray<string>): Statement | undefined => {
    const key = some.join()
    const there = changes.get(key)
    if (there !== undefined || changes.size >= mostSets) return there
    const all = ['state', ...some].map((name) => `${quote(name)} = ?`).join(', ')
    const made = connection.prepare(`UPDATE ${table} SET ${all} WHERE row = ? AND partition = ?`)
    changes.set(key, made)
    return made
  }

  return {
    state: (row, partition) => find.row([row, partition])?.[0] as string | undefined,
    write: ({ partition, rows }, known) => {
      const valuesIn = (values: RowChange['columns'], some = columns) =>
        some.map((name): Parameter => values[name] ?? null)
      // neighbours lie on the same page, which is then read and written once
      for (const { row, state, columns: values } of rows.toSorted(byName)) {
        if (state === undefined) {
          remove.run([row, partition])
          continue
        }
        const before = known(row)
        const others = columns.filter((name) => (values[name] ?? null) !== (before?.columns[name] ?? null))
        const change = before?.state === undefined ? undefined : setting(others)
        if (change === undefined) put.run([row, partition, state, ...valuesIn(values)])
        else change.run([state, ...valuesIn(values, others), row, partition])
      }
    }
  }
}

/** The statements that builds have in common. */
export type Common = {
  readonly partition: (generation: number, partition: number) => Omit<Loaded, 'rows'> | undefined
  readonly write: (name: string, commit: ViewCommit) => void
  readonly fence: Statement
}

export const commonOn = (connection: Connection): Common => {
  const one = connection.prepare(
    `SELECT seq, epoch, ${checkpointColumns} FROM checkpoints WHERE generation = ? AND partition = ?`
  )
  const parked = connection.prepare(`SELECT ${parkedColumns} FROM parked WHERE generation = ? AND partition = ?`)
  const skipped = connection.prepare(
    `SELECT ${skippedColumns} FROM skipped WHERE name = (SELECT name FROM generations WHERE id = ?)`
  )
  const advance = connection.prepare(
    `UPDATE checkpoints SET seq = seq + 1, position = ?, anchor = ?, events = ?, recorded_at_ms = ?, applied_at_ms = ?,
     rate = ? WHERE generation = ? AND partition = ?`
  )
  const park = connection.prepare(`INSERT OR REPLACE INTO parked (generation, ${parkedColumns}) VALUES (${marks(11)})`)
  const unpark = connection.prepare('DELETE FROM parked WHERE generation = ? AND record_id = ?')
  const skip = connection.prepare(`INSERT OR REPLACE INTO skipped (name, ${skippedColumns}) VALUES (${marks(7)})`)
  return {
    partition: (generation, partition) => {
      const row = one.row([generation, partition])
      if (row === undefined) return undefined
      const [seq, epoch, ...checkpoint] = row
      return {
        seq: Number(seq),
        epoch: Number(epoch),
        checkpoint: checkpointIn(checkpoint),
        parked: parked.rows([generation, partition]).map(parkedIn),
        skipped: skipped.rows([generation]).map(skippedIn)
      }
    },
    write: (name, { generation, partition, checkpoint, parked: keys, unparked = [], skipped: event }) => {
      for (const recordId of unparked) unpark.run([generation, recordId])
      for (const key of keys) park.run([generation, ...parkedRow(key)])
      if (event !== undefined) skip.run([name, ...skippedRow(event)])
      advance.run([...checkpointRow(checkpoint), generation, partition])
    },
    fence: connection.prepare('UPDATE checkpoints SET epoch = ? WHERE generation = ? AND partition = ?')
  }
}
