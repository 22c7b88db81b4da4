import type { ViewSnapshot } from '../../../application/ports/view-store.ts'
import type { Connection, Row, Statement } from '../connection.ts'
import { rollBack } from '../transactions.ts'
import { tableOf } from './forms.ts'
import {
  checkpointColumns,
  checkpointIn,
  parkedColumns,
  parkedIn,
  skippedColumns,
  skippedIn,
  storedRowColumns,
  storedRowIn
} from './rows.ts'

/**
 * Closes a connection that reads. Its transaction is ended before: the driver keeps the file open until the last of its
 * statements is collected, and no log could be taken into the file meanwhile.
 */
export const closeReading = (connection: Connection): void => {
  rollBack(connection)
  connection.close()
}

/** A build as one read transaction sees it; undefined where there is none of that number. Throws what SQLite throws. */
export const snapshotOn = (connection: Connection, generation: number): ViewSnapshot | undefined => {
  connection.exec('PRAGMA busy_timeout = 0; BEGIN')
  const all = (sql: string): ReadonlyArray<Row> => connection.prepare(sql).rows([generation])
  const checkpoints = all(`SELECT ${checkpointColumns} FROM checkpoints WHERE generation = ? ORDER BY partition`)
  if (checkpoints.length === 0) return undefined
  const page: Statement = connection.prepare(
    `SELECT ${storedRowColumns} FROM ${tableOf(generation)} WHERE (row, partition) > (?, ?) ORDER BY row, partition LIMIT ?`
  )
  return {
    checkpoints: checkpoints.map(checkpointIn),
    parked: all(`SELECT ${parkedColumns} FROM parked WHERE generation = ?`).map(parkedIn),
    skipped: all(`SELECT ${skippedColumns} FROM skipped WHERE name = (SELECT name FROM generations WHERE id = ?)`).map(
      skippedIn
    ),
    rows: ([row, partition] = ['', -1], limit) => page.rows([row, partition, limit]).map(storedRowIn),
    close: () => closeReading(connection)
  }
}
