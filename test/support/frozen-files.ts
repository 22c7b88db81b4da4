import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { connect } from '../../src/adapters/sqlite/connection.ts'
import { letGo } from '../../src/adapters/sqlite/let-go.ts'
import type { RecordedEvent } from '../../src/application/ports/event-store.ts'
import { temporaryFile } from './temporary-file.ts'

const folder = 'test/fixtures/sqlite-store'

/** A copy of a frozen file: of schema 1, as the code of its time wrote it, and what became of it in schema 2. */
export const frozen = (name: 'all-events.v1' | 'all-events.v2' | 'damaged.v1'): string => {
  const file = temporaryFile('store.db')
  writeFileSync(file, gunzipSync(readFileSync(`${folder}/${name}.db.gz`)))
  return file
}

/** What the code of schema 1 read in it. */
export const frozenEvents = (): ReadonlyArray<RecordedEvent> =>
  JSON.parse(gunzipSync(readFileSync(`${folder}/all-events.v1.json.gz`)).toString(), (name, value) =>
    name === 'revision' && typeof value === 'string' ? BigInt(value) : value
  )

/** What is said to a file as another application would. Nothing is prepared: such a connection is closed at once. */
export const executed = (file: string, statements: string): void => {
  const connection = connect(file)
  connection.exec(statements)
  connection.close()
}

export const pragmaIn = async (file: string, pragma: string): Promise<unknown> => {
  const connection = connect(file)
  const value = connection.prepare(`PRAGMA ${pragma}`).row([])?.[0]
  connection.close()
  await letGo(file)
  return value
}

/** A file of schema 1 with so many events, of one stream each and two of every tenth. */
export const schema1File = async (file: string, events: number): Promise<void> => {
  const [schema = ''] = readFileSync(`${folder}/schema.v1.sql`, 'utf8').split('INSERT')
  executed(
    file,
    `${schema};
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${events})
    INSERT INTO events
      SELECT i, 'test-idem_' || (i - (i % 10 = 0)), i % 10 = 0, 'event ' || i, 'Tested', '{"n":' || i || '}', '{}', i FROM n;
    PRAGMA wal_checkpoint(TRUNCATE)`
  )
}

/** A file of schema 1 as a process that was killed leaves it: all of it, its header too, stands in the log beside it. */
export const schema1InLog = (file: string): void => {
  const [schema = ''] = readFileSync(`${folder}/schema.v1.sql`, 'utf8').split('INSERT')
  const whole = temporaryFile('whole.db')
  const connection = connect(whole)
  connection.exec(schema)
  for (const part of ['', '-wal', '-shm']) copyFileSync(`${whole}${part}`, `${file}${part}`)
  connection.close()
}

/** A file of schema 1 from which everything was removed again. */
export const emptySchema1File = async (file: string): Promise<void> => {
  await schema1File(file, 10)
  executed(file, 'DELETE FROM events; PRAGMA wal_checkpoint(TRUNCATE)')
}
