import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { connect } from '../../../../src/adapters/sqlite/connection.ts'
import { openSqliteStoreTaskEither } from '../../../../src/adapters/sqlite/event-store.ts'
import { appendOf } from '../../../support/append-of.ts'
import { program } from '../../../support/child.ts'
import { sqlProcess } from '../../../support/sql-process.ts'
import { sqliteStoreOn } from '../../../support/sqlite-store.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

const sql = program('test/support/sql-child.ts')

const rest = `CREATE UNIQUE INDEX streams ON events (name) WHERE name IS NOT NULL;
CREATE TRIGGER removal AFTER DELETE ON events BEGIN
  INSERT INTO removed VALUES (1, OLD.position)
    ON CONFLICT (one) DO UPDATE SET position = max(position, excluded.position);
END`

const rebuilt = (table: string): string =>
  `CREATE TABLE copy AS SELECT * FROM events; DROP TABLE events; ${table}; INSERT INTO events SELECT * FROM copy; DROP TABLE copy; ${rest}`

const columns = `position INTEGER PRIMARY KEY, first INTEGER NOT NULL, revision INTEGER NOT NULL, name BLOB,
  type INTEGER NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL`

/** What takes back, changes or holds up what is written, or takes a place twice. */
const strange: ReadonlyArray<readonly [string, string]> = [
  [
    'a trigger that deletes',
    'CREATE TRIGGER t AFTER INSERT ON events BEGIN DELETE FROM events WHERE position = NEW.position; END'
  ],
  [
    'a trigger without end',
    `CREATE TRIGGER t BEFORE INSERT ON events BEGIN SELECT count(*) FROM
       (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n); END`
  ],
  ['a table without its index', rebuilt(`CREATE TABLE events (${columns}) STRICT`)],
  ['a table that is not strict', rebuilt(`CREATE TABLE events (${columns}, UNIQUE (first, revision))`)],
  ['a table without the index of names', 'DROP INDEX streams'],
  ['positions that may be given again', 'DROP TRIGGER removal'],
  ['the last removed position gone', 'DROP TRIGGER removal; DROP TABLE removed'],
  [
    'another trigger in place of its own',
    'DROP TRIGGER removal; CREATE TRIGGER removal AFTER DELETE ON events BEGIN SELECT 1; END'
  ],
  ['a column more', "ALTER TABLE events ADD COLUMN more TEXT NOT NULL DEFAULT ''"],
  ['an index more', 'CREATE UNIQUE INDEX more ON events (type)'],
  ['a view', 'CREATE VIEW v AS SELECT * FROM events'],
  [
    'a view without end in place of the table',
    `ALTER TABLE events RENAME TO others; CREATE VIEW events AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
       SELECT i AS position, 1 AS first, i AS revision, x'73' AS name, 0 AS type, 0 AS at, x'' AS body FROM n WHERE i < 0`
  ],
  ['a second table', 'CREATE TABLE theirs (a)']
]

const refused = { _tag: 'NotAStore', message: expect.stringContaining("the schema of the file is not keyfold's") }

describe.each(strange)('a schema with %s', (_, statements) => {
  it('is noticed under way, before anything is written, read or granted, and is not opened', async () => {
    const file = temporaryFile('store.db')
    const store = await sqliteStoreOn({ file })
    const append = appendOf()
    expect(E.isRight(await store.append(append)())).toBe(true)
    const other = sqlProcess(sql, file)
    await other.run(statements)
    expect(await store.append(appendOf())()).toMatchObject({ left: { _tag: 'NotWritten', error: refused } })
    expect(await store.appendAtomically?.([appendOf()])()).toMatchObject({
      left: { _tag: 'NotWritten', error: refused }
    })
    expect(await store.readStream(append.stream, 'forwards', 'start', 1)()).toMatchObject({ left: refused })
    expect(await store.readAll('start', '', 10)()).toMatchObject({ left: refused })
    await other.kill()
    await store.dispose()
    expect(await openSqliteStoreTaskEither({ file })()).toMatchObject({ left: refused })
  })
})

describe('a schema that is as it was', () => {
  it('with what ANALYZE leaves behind is a store', async () => {
    const file = temporaryFile('store.db')
    const store = await sqliteStoreOn({ file })
    const append = appendOf(3)
    await store.append(append)()
    const other = connect(file)
    other.exec('ANALYZE; VACUUM')
    other.close()
    expect(await store.readStream(append.stream, 'backwards', 'end', 1)()).toMatchObject({ right: [{ revision: 2n }] })
    expect(E.isRight(await store.append(appendOf())())).toBe(true)
    await store.dispose()
    expect(E.isRight(await (await sqliteStoreOn({ file })).append(appendOf())())).toBe(true)
  })

  it('and lost its two marks, as a dump that was restored has, is recognised and marked again', async () => {
    const file = temporaryFile('store.db')
    const store = await sqliteStoreOn({ file })
    const append = appendOf(2)
    await store.append(append)()
    await store.dispose()
    const other = connect(file)
    other.exec('PRAGMA application_id = 0; PRAGMA user_version = 0')
    other.close()
    const again = await sqliteStoreOn({ file })
    expect(await again.readStream(append.stream, 'backwards', 'end', 1)()).toMatchObject({ right: [{ revision: 1n }] })
    const marked = connect(file)
    expect(marked.prepare('PRAGMA application_id').rows([])).toEqual([[0x6b657966]])
    expect(marked.prepare('PRAGMA user_version').rows([])).toEqual([[2]])
    marked.close()
  })
})
