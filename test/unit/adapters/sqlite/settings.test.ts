import { readFileSync } from 'node:fs'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { packed } from '../../../../src/adapters/sqlite/codec/event-body.ts'
import { type Connection, connect } from '../../../../src/adapters/sqlite/connection.ts'
import type { SqliteStoreOptions } from '../../../../src/adapters/sqlite/options.ts'
import { exactly } from '../../../../src/domain/expected-revision.ts'
import { appendOf } from '../../../support/append-of.ts'
import { connectAround, sqliteError } from '../../../support/connect-around.ts'
import { frozen, frozenEvents } from '../../../support/frozen-files.ts'
import { sqliteStoreOn } from '../../../support/sqlite-store.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

const pragmaOf = (connection: Connection, pragma: string): unknown =>
  connection.prepare(`PRAGMA ${pragma}`).rows([])[0]?.[0]

/** What the connections of a store are set to that it works with: one writes, one reads. */
const settingsOf = async (options: Partial<SqliteStoreOptions>, pragma: string) => {
  const working = new Set<Connection>()
  const store = await sqliteStoreOn(
    options,
    connectAround((sql, call, connection) => {
      if (sql === 'BEGIN IMMEDIATE' || sql.startsWith('SELECT position')) working.add(connection)
      return call()
    })
  )
  working.clear()
  await store.append(appendOf())()
  await store.readStream('s', 'forwards', 'start', 1)()
  return [...working].map((connection) => pragmaOf(connection, pragma))
}

describe('a store in a file', () => {
  it.each([
    ['keeps a write-ahead log', {}, 'journal_mode', ['wal', 'wal']],
    ['survives power loss', {}, 'synchronous', [2, 2]],
    ['is faster and less durable where it is told to', { synchronous: 'NORMAL' } as const, 'synchronous', [1, 1]],
    ['never waits within SQLite, which would hold the event loop', {}, 'busy_timeout', [0, 0]],
    ['bounds a log that grew', {}, 'journal_size_limit', [8 * 1024 * 1024, 8 * 1024 * 1024]]
  ])('%s', async (_, options, pragma, expected) => {
    expect(await settingsOf(options, pragma)).toEqual(expected)
  })

  it('is not opened where the file system cannot keep such a log', async () => {
    const noLog = connectAround((sql, call) => {
      // as SQLite answers where memory cannot be shared: it stays in the mode that it was in
      if (sql.startsWith('PRAGMA journal_mode')) return [['delete']] as ReturnType<typeof call>
      return call()
    })
    await expect(sqliteStoreOn({}, noLog)).rejects.toThrow('StoreUnavailable: the file system here cannot share memory')
  })

  it('is opened where another process was quicker with each step', async () => {
    let refusals = 5
    const store = await sqliteStoreOn(
      {},
      connectAround((sql, call) => {
        if (sql.startsWith('PRAGMA journal_mode') && refusals-- > 0) throw sqliteError('SQLITE_BUSY', 5)
        return call()
      })
    )
    expect(await store.append(appendOf())()).toEqual(E.right({ revision: 0n }))
  })

  it('says why it could not be made, though SQLite took its beginnings back by itself', async () => {
    const full = connectAround((sql, call, connection) => {
      if (sql !== 'COMMIT') return call()
      connection.exec('ROLLBACK')
      throw sqliteError('SQLITE_FULL', 13)
    })
    await expect(sqliteStoreOn({}, full)).rejects.toThrow('StoreFull: the disk is full')
  })

  it('fails typed where what it needs cannot be prepared', async () => {
    const noStatements = connectAround((sql, call) => {
      if (sql.startsWith('PRAGMA synchronous')) throw sqliteError('SQLITE_IOERR', 10)
      return call()
    })
    await expect(sqliteStoreOn({}, noStatements)).rejects.toThrow('StoreUnavailable: SQLite failed (SQLITE_IOERR)')
  })

  it('records its own time', async () => {
    const store = await sqliteStoreOn({ now: () => 1234 })
    const append = appendOf(2)
    await store.append(append)()
    expect(await store.readStream(append.stream, 'forwards', 'start', 2)()).toMatchObject({
      right: [{ recordedAtMs: 1234 }, { recordedAtMs: 1234 }]
    })
  })
})

describe('the file of an earlier keyfold', () => {
  const fixture = readFileSync('test/fixtures/sqlite-store/schema.v1.sql', 'utf8')
  const schemaIn = (file: string): unknown => {
    const connection = connect(file)
    const found = [
      connection.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name').rows([]),
      pragmaOf(connection, 'application_id'),
      pragmaOf(connection, 'user_version')
    ]
    connection.close()
    return found
  }

  it('version 1 is read and written', async () => {
    const file = temporaryFile('store.db')
    const earlier = connect(file)
    earlier.exec(fixture)
    earlier.close()
    const store = await sqliteStoreOn({ file })
    expect(await store.readStream('test-idem_a', 'forwards', 'start', 10)()).toEqual(
      E.right([
        {
          position: '1',
          stream: 'test-idem_a',
          revision: 0n,
          id: 'e1',
          type: 'First',
          data: '{"n":1}',
          metadata: '{"m":1}',
          recordedAtMs: 1_700_000_000_000
        },
        {
          position: '3',
          stream: 'test-idem_a',
          revision: 1n,
          id: 'e3',
          type: 'Second',
          data: '{"n":3}',
          metadata: '{"m":3}',
          recordedAtMs: 1_700_000_000_002
        }
      ])
    )
    expect(await store.append(appendOf(1, 'test-idem_a', exactly(1n)))()).toEqual(E.right({ revision: 2n }))
    expect(await store.readAll('2', 'test-idem_', 10)()).toMatchObject({
      right: { events: [{ position: '3' }, { position: '4' }], next: '4', atEnd: true }
    })
  })

  it('version 2 is what this build makes, to the last byte: another form needs another version, and a fixture', async () => {
    const [mine, earlier] = [temporaryFile('mine.db'), frozen('all-events.v2')]
    await sqliteStoreOn({ file: mine })
    expect(schemaIn(mine)).toEqual(schemaIn(earlier))
    const connection = connect(earlier)
    const bodies = connection.prepare('SELECT position, type, body FROM events ORDER BY position').rows([])
    connection.close()
    const store = await sqliteStoreOn({ file: earlier })
    const events = frozenEvents()
    expect(await store.readAll('start', '', 1000)()).toMatchObject({ right: { events, atEnd: true } })
    expect(
      events.map((event) => {
        const { type, body } = packed(event, event.stream, event.revision === 0n)
        return [Number(event.position), type, body]
      })
    ).toEqual(bodies)
  })
})
