import Database from 'libsql'

/** A row of schema 1's table, its position left out. */
export type Schema1Row = readonly [
  stream: string,
  revision: number,
  id: string,
  type: string,
  data: string,
  metadata: string,
  recordedAtMs: number
]

// as the store of commit c9ae726 makes it: the reference stays as it is when ours changes
export const schema1Table = `CREATE TABLE events (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  stream TEXT NOT NULL,
  revision INTEGER NOT NULL,
  id TEXT NOT NULL,
  type TEXT NOT NULL,
  data TEXT NOT NULL,
  metadata TEXT NOT NULL,
  recorded_at_ms INTEGER NOT NULL,
  UNIQUE (stream, revision)
) STRICT`

export const schema1Columns = 'stream, revision, id, type, data, metadata, recorded_at_ms'

/** Prepared inserts into a file of schema 1 through keyfold's driver, with nothing around them. */
export const schema1Raw = (file: string, synchronous: 'FULL' | 'OFF' = 'FULL') => {
  const database = new Database(file)
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}`)
  database.exec(schema1Table.replace('TABLE', 'TABLE IF NOT EXISTS'))
  const insert = database.prepare(`INSERT INTO events (${schema1Columns}) VALUES (?, ?, ?, ?, ?, ?, ?)`)
  return {
    insert: (rows: Iterable<Schema1Row>, aTransaction: number): void => {
      let open = 0
      for (const row of rows) {
        if (open === 0) database.exec('BEGIN IMMEDIATE')
        insert.run(...row)
        open = (open + 1) % aTransaction
        if (open === 0) database.exec('COMMIT')
      }
      if (open > 0) database.exec('COMMIT')
    },
    close: (): void => {
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      database.close()
    }
  }
}
