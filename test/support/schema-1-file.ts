import { readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { connect } from '../../src/adapters/sqlite/connection.ts'
import { collectGarbage } from './collect-garbage.ts'
import { temporaryFile } from './temporary-file.ts'

const folder = 'test/fixtures/sqlite-store'

/** A copy of a frozen file, which the code of before schema 2 wrote. */
export const frozen = (name: 'all-events' | 'damaged'): string => {
  const file = temporaryFile('store.db')
  writeFileSync(file, gunzipSync(readFileSync(`${folder}/${name}.v1.db.gz`)))
  return file
}

/** What that code read in it. */
export const frozenEvents = (): ReadonlyArray<{ readonly [field: string]: unknown }> =>
  JSON.parse(gunzipSync(readFileSync(`${folder}/all-events.v1.json.gz`)).toString(), (name, value) =>
    name === 'revision' && typeof value === 'string' ? BigInt(value) : value
  )

/** What is said to a file as another application would. */
export const executed = async (file: string, statements: string): Promise<void> => {
  const connection = connect(file)
  connection.exec(statements)
  connection.close()
  await collectGarbage()
}

export const pragmaIn = async (file: string, pragma: string): Promise<unknown> => {
  const connection = connect(file)
  const value = connection.prepare(`PRAGMA ${pragma}`).row([])?.[0]
  connection.close()
  await collectGarbage()
  return value
}

/** A file of schema 1 with so many events, of one stream each and two of every tenth. */
export const schema1File = async (file: string, events: number): Promise<void> => {
  const [schema = ''] = readFileSync(`${folder}/schema.v1.sql`, 'utf8').split('INSERT')
  await executed(
    file,
    `${schema};
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${events})
    INSERT INTO events
      SELECT i, 'test-idem_' || (i - (i % 10 = 0)), i % 10 = 0, 'event ' || i, 'Tested', '{"n":' || i || '}', '{}', i FROM n;
    PRAGMA wal_checkpoint(TRUNCATE)`
  )
}
