import { createHash } from 'node:crypto'
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { connect } from '../../../../src/adapters/sqlite/connection.ts'
import type { StoreError } from '../../../../src/application/ports/event-store.ts'
import { exactly, noStream } from '../../../../src/domain/expected-revision.ts'
import { program } from '../../../support/child.ts'
import { collectGarbage } from '../../../support/collect-garbage.ts'
import { executed } from '../../../support/frozen-files.ts'
import { sqlProcess } from '../../../support/sql-process.ts'
import { opened, refusal } from '../../../support/sqlite-opening.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

const sql = program('test/support/sql-child.ts')

/** Every name in the folder of a file, with a digest of the bytes behind it. */
const filesBeside = (file: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(dirname(file)).map((name) => {
      const path = join(dirname(file), name)
      return [name, statSync(path).isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'no file']
    })
  )

const event = (n: number) => ({ id: `event ${n}`, type: 'T', data: JSON.stringify('x'.repeat(500)), metadata: '{}' })

/** A store with so many events in one stream, all of it in one file. */
const storeWith = async (file: string, count: number): Promise<void> => {
  const store = await opened(file)
  await store.append({ stream: 's', expected: noStream, events: Array.from({ length: count }, (_, n) => event(n)) })()
  await store.dispose()
  await collectGarbage()
}

const table = 'CREATE TABLE theirs (a, b); INSERT INTO theirs VALUES (1, 2);'

describe('what is no store is left as it is', () => {
  const cases: ReadonlyArray<readonly [string, StoreError['_tag'], (file: string) => void | Promise<void>]> = [
    ['a text', 'NotAStore', (file) => writeFileSync(file, 'a text. '.repeat(1000))],
    ['a short text', 'NotAStore', (file) => writeFileSync(file, 'a text')],
    ['a single byte', 'NotAStore', (file) => writeFileSync(file, '{')],
    ['a file of zeros', 'NotAStore', (file) => writeFileSync(file, Buffer.alloc(8192))],
    ['a folder', 'NotAStore', (file) => void mkdirSync(file)],
    ['a device', 'NotAStore', (file) => symlinkSync('/dev/null', file)],
    ['a database of another application', 'NotAStore', (file) => executed(file, table)],
    ['one that says so, and is empty', 'NotAStore', (file) => executed(file, 'PRAGMA application_id = 77')],
    ['one with a version, and empty', 'NotAStore', (file) => executed(file, 'PRAGMA user_version = 1')],
    [
      'one with a log of its own',
      'NotAStore',
      async (file) => {
        const other = sqlProcess(sql, file)
        await other.run('PRAGMA journal_mode = WAL', table, 'PRAGMA wal_checkpoint(TRUNCATE)')
        await other.kill()
        for (const beside of ['-wal', '-shm']) rmSync(file + beside)
      }
    ],
    [
      'one that was killed, with a log to fold in',
      'NotAStore',
      async (file) => {
        const other = sqlProcess(sql, file)
        await other.run('PRAGMA journal_mode = WAL', table, 'PRAGMA wal_checkpoint(TRUNCATE)', table.slice(27))
        await other.kill()
        expect(statSync(`${file}-wal`).size).toBeGreaterThan(0)
      }
    ],
    [
      'one that was killed, with a journal to roll back',
      'NotAStore',
      async (file) => {
        const other = sqlProcess(sql, file)
        const much = 'INSERT INTO theirs SELECT a, hex(randomblob(2000)) FROM theirs'
        await other.run('PRAGMA cache_size = 1', table, 'BEGIN', ...Array<string>(8).fill(much))
        await other.kill()
        expect(statSync(`${file}-journal`).size).toBeGreaterThan(512)
      }
    ],
    [
      'a store of a newer keyfold',
      'UnsupportedVersion',
      async (file) => {
        await storeWith(file, 3)
        executed(file, 'PRAGMA journal_mode = DELETE; ALTER TABLE events ADD COLUMN more TEXT; PRAGMA user_version = 3')
      }
    ],
    [
      'a store without a version',
      'NotAStore',
      async (file) => {
        await storeWith(file, 3)
        executed(file, 'PRAGMA journal_mode = DELETE; PRAGMA user_version = 0')
      }
    ],
    [
      'a store whose table is gone',
      'NotAStore',
      async (file) => {
        await storeWith(file, 3)
        executed(file, 'PRAGMA journal_mode = DELETE; DROP TABLE events')
      }
    ],
    [
      'a store that was cut off',
      'NotAStore',
      async (file) => {
        await storeWith(file, 100)
        truncateSync(file, statSync(file).size / 2)
      }
    ],
    [
      'a store that was cut off within its first page',
      'NotAStore',
      async (file) => {
        await storeWith(file, 100)
        truncateSync(file, 1000)
      }
    ],
    [
      'a store whose beginning is damaged',
      'NotAStore',
      async (file) => {
        await storeWith(file, 100)
        const bytes = readFileSync(file)
        writeFileSync(file, bytes.fill(0xff, 0, 64))
      }
    ],
    [
      'a store whose first page is damaged',
      'NotAStore',
      async (file) => {
        await storeWith(file, 100)
        const bytes = readFileSync(file)
        writeFileSync(file, bytes.fill(0xff, 100, 4096))
      }
    ]
  ]
  it.each(cases)('%s: %s', async (_, tag, make) => {
    const file = temporaryFile('x.db')
    await make(file)
    await collectGarbage()
    const before = filesBeside(file)
    for (let n = 0; n < 2; n++) expect((await refusal({ file, busyTimeoutMs: 200 }))._tag).toBe(tag)
    await collectGarbage()
    expect(filesBeside(file)).toEqual(before)
  })
})

describe('where there can be no file', () => {
  const reason = async (file: string) => {
    const { _tag, message } = await refusal({ file })
    return `${_tag}: ${message}`
  }

  it('a folder that does not exist', async () => {
    const file = temporaryFile('x.db')
    expect(await reason(join(file, 'y', 'z.db'))).toBe(
      `StoreUnavailable: its folder does not exist: ${join(file, 'y', 'z.db')}`
    )
    expect(readdirSync(dirname(file))).toEqual([])
  })

  it('a file in place of a folder', async () => {
    const file = temporaryFile('x.db')
    writeFileSync(file, 'x')
    expect((await refusal({ file: join(file, 'y.db') }))._tag).toBe('StoreUnavailable')
  })

  it('a name that reads like an address: it is a name, and nobody is called', async () => {
    for (const file of ['http://127.0.0.1:9/x.db', 'libsql://127.0.0.1:9/x.db', 'file:no/such/folder/x.db']) {
      expect(await reason(file)).toBe(`StoreUnavailable: its folder does not exist: ${resolve(file)}`)
    }
  })
})

describe('what becomes a store, or is one', () => {
  const grows = async (file: string): Promise<void> => {
    for (let n = 0; n < 3; n++) {
      const store = await opened(file)
      const expected = n === 0 ? noStream : exactly(BigInt(n - 1))
      expect(await store.append({ stream: 's', expected, events: [event(n)] })()).toEqual(
        E.right({ revision: BigInt(n) })
      )
      await store.dispose()
    }
  }

  it('an empty file', async () => {
    const file = temporaryFile('x.db')
    writeFileSync(file, '')
    await grows(file)
  })

  it('an empty database', async () => {
    const file = temporaryFile('x.db')
    executed(file, 'CREATE TABLE t (a); DROP TABLE t')
    await grows(file)
  })

  it('a name with all that means something in an address', async () => {
    const file = temporaryFile('a?mode=memory&b#c%41 ö😀.db')
    await grows(file)
    expect(readdirSync(dirname(file))).toContain('a?mode=memory&b#c%41 ö😀.db')
  })

  it('a file behind a link', async () => {
    const [file, link] = [temporaryFile('x.db'), temporaryFile('link.db')]
    symlinkSync(file, link)
    await grows(link)
    const store = await opened(file)
    expect(await store.readStream('s', 'backwards', 'end', 1)()).toMatchObject({ right: [{ revision: 2n }] })
    await store.dispose()
  })

  it('a store that somebody took out of WAL mode, and it is put back', async () => {
    const file = temporaryFile('x.db')
    await storeWith(file, 2)
    executed(file, 'PRAGMA journal_mode = DELETE')
    const store = await opened(file)
    const other = connect(file)
    expect(other.prepare('PRAGMA journal_mode').rows([])).toEqual([['wal']])
    other.close()
    await store.dispose()
  })

  it('a store with damaged pages opens: what lies there is told, and all else is read', async () => {
    const file = temporaryFile('x.db')
    await storeWith(file, 400)
    const bytes = readFileSync(file)
    const page = 4096
    writeFileSync(file, bytes.fill(0xff, 12 * page, 14 * page))
    const store = await opened(file)
    const read = await store.readAll('start', '', 1000)()
    if (E.isLeft(read)) throw new Error(read.left.message)
    const { events, unreadable = [] } = read.right
    const told = unreadable.flatMap(({ position, error }) => {
      expect(error._tag).toBe('CorruptStream')
      const [, first = position, last = position] = /positions (\d+) to (\d+)/.exec(error.message) ?? []
      return Array.from({ length: Number(last) - Number(first) + 1 }, (_, n) => Number(first) + n)
    })
    const positions = [...events.map(({ position }) => Number(position)), ...told]
    expect(positions.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 400 }, (_, n) => n + 1))
    expect(told.length).toBeGreaterThan(0)
    await store.dispose()
    for (const check of ['quick', 'full'] as const) {
      expect(await refusal({ file, check })).toMatchObject({
        _tag: 'NotAStore',
        message: expect.stringContaining('damaged')
      })
    }
  })
})
