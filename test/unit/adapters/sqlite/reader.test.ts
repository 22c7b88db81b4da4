import { setImmediate as turn } from 'node:timers/promises'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { connect } from '../../../../src/adapters/sqlite/connection.ts'
import type { LogPage } from '../../../../src/application/ports/event-store.ts'
import { openMemoryStore } from '../../../../src/memory.ts'
import { appendOf } from '../../../support/append-of.ts'
import { type Around, connectAround, sqliteError } from '../../../support/connect-around.ts'
import { eventSql } from '../../../support/event-sql.ts'
import { sqliteStoreOn } from '../../../support/sqlite-store.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

const pageOf = (page: E.Either<unknown, LogPage>): LogPage => {
  if (E.isLeft(page)) throw new Error(JSON.stringify(page.left))
  return page.right
}

it.each([Number.POSITIVE_INFINITY, 2.5, Number.NaN, -1])(
  'reads as many events as the store in memory, asked for %d',
  async (count) => {
    const append = appendOf(4)
    const stores = [await sqliteStoreOn({ file: temporaryFile('store.db') }), await openMemoryStore()]
    for (const store of stores) await store.append(append)()
    const ids = append.events.slice(0, count).map(({ id }) => id)
    for (const store of stores) {
      const read = await store.readStream(append.stream, 'forwards', 'start', count)()
      expect(E.isRight(read) && read.right.map(({ id }) => id)).toEqual(count < 0 ? [] : ids)
      expect(pageOf(await store.readAll('start', '', count)()).events.length).toBeLessThanOrEqual(4)
    }
  }
)

describe('a page of the log', () => {
  it('is of one moment, whatever another process writes while it is read', async () => {
    const file = temporaryFile('store.db')
    let meanwhile = (): void => {}
    const between: Around = (sql, call) => {
      const rows = call()
      if (sql.startsWith('SELECT max(position)')) meanwhile()
      return rows
    }
    const store = await sqliteStoreOn({ file }, connectAround(between))
    const other = connect(file)
    let n = 0
    meanwhile = () => other.exec(eventSql(n + 1, `test-idem_${n}`, `event ${n++}`))
    const seen: Array<string> = []
    let after: string = 'start'
    for (let pages = 0; pages < 6; pages++) {
      if (pages === 4) meanwhile = () => {}
      const page = pageOf(await store.readAll(after, 'test-idem_', 10)())
      seen.push(...page.events.map(({ id }) => id))
      after = page.next
    }
    other.close()
    expect(n).toBeGreaterThan(2)
    expect(seen).toEqual(Array.from({ length: n }, (_, index) => `event ${index}`))
  })

  it('is read by position, not by sorting all streams of the prefix', async () => {
    const file = temporaryFile('store.db')
    let scan = ''
    const store = await sqliteStoreOn(
      { file },
      connectAround((sql, call) => {
        if (sql.includes('min(found)')) scan = sql
        return call()
      })
    )
    await store.append(appendOf())()
    await store.readAll('start', 'test-idem_', 10)()
    const other = connect(file)
    const plan = other.prepare(`EXPLAIN QUERY PLAN ${scan}`).rows([0, 1, 10, 'a', 'b', 'c'])
    other.close()
    const steps = plan.map((row) => String(row[3])).filter((step) => !step.includes('subquery'))
    expect(steps).toEqual([
      'SEARCH events USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)',
      'SEARCH head USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN',
      'SEARCH named USING COVERING INDEX streams (name=?) LEFT-JOIN',
      'SEARCH placed USING COVERING INDEX sqlite_autoindex_events_1 (first=? AND revision=?) LEFT-JOIN'
    ])
  })

  it('looks at so many events and no more, where few are of the prefix', async () => {
    const store = await sqliteStoreOn({ synchronous: 'NORMAL' })
    await store.append(appendOf(1))()
    for (let n = 0; n < 5; n++) await store.append(appendOf(5000, `foreign-idem_${n}`))()
    await store.append(appendOf(1))()
    const found: Array<number> = []
    let page: LogPage = { events: [], next: 'start', atEnd: false }
    while (!page.atEnd) {
      page = pageOf(await store.readAll(page.next, 'test-idem_', 10)())
      found.push(page.events.length)
    }
    expect(found).toEqual([1, 0, 1])
    expect(page.next).toBe('25002')
  })

  it('lets others have their turn before it, so that reading a long log holds nobody up', async () => {
    const store = await sqliteStoreOn({ synchronous: 'NORMAL' })
    await store.append(appendOf(2000))()
    let turns = 0
    let reading = true
    const others = (async () => {
      while (reading) {
        await turn()
        turns++
      }
    })()
    let pages = 0
    for (let page = pageOf(await store.readAll('start', '', 20)()); !page.atEnd; pages++) {
      page = pageOf(await store.readAll(page.next, '', 20)())
    }
    reading = false
    await others
    expect(pages).toBeGreaterThan(50)
    expect(turns).toBeGreaterThanOrEqual(pages)
  })
})

describe('a read that meets a lock', () => {
  const reads = (sql: string): boolean => sql.startsWith('SELECT position') || sql.includes('max(position)')

  it.each([
    ['SQLITE_BUSY', 5],
    ['SQLITE_BUSY_RECOVERY', 261],
    ['SQLITE_PROTOCOL', 15]
  ])('waits until it is over (%s)', async (code, rawCode) => {
    let refusals = 0
    let left = 0
    const store = await sqliteStoreOn(
      {},
      connectAround((sql, call) => {
        if (reads(sql) && left > 0) {
          left--
          refusals++
          throw sqliteError(code, rawCode)
        }
        return call()
      })
    )
    const append = appendOf(2)
    await store.append(append)()
    left = 3
    expect(await store.readStream(append.stream, 'backwards', 'end', 1)()).toMatchObject({ right: [{ revision: 1n }] })
    left = 3
    expect(pageOf(await store.readAll('start', 'test-idem_', 10)()).events).toHaveLength(2)
    expect(refusals).toBe(6)
  })

  it('is StoreBusy where it lasts, and the event loop turns meanwhile', async () => {
    let held = false
    const store = await sqliteStoreOn(
      { busyTimeoutMs: 60 },
      connectAround((sql, call) => {
        if (reads(sql) && held) throw sqliteError('SQLITE_BUSY', 5)
        return call()
      })
    )
    held = true
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    expect(await store.readStream('s', 'forwards', 'start', 1)()).toMatchObject({ left: { _tag: 'StoreBusy' } })
    expect(await store.readAll('start', '', 1)()).toMatchObject({ left: { _tag: 'StoreBusy' } })
    clearInterval(timer)
    expect(turns).toBeGreaterThan(1)
  })

  it('ends with its store', async () => {
    let held = false
    const store = await sqliteStoreOn(
      { busyTimeoutMs: 60_000 },
      connectAround((sql, call) => {
        if (reads(sql) && held) throw sqliteError('SQLITE_BUSY', 5)
        return call()
      })
    )
    held = true
    const read = store.readStream('s', 'forwards', 'start', 1)()
    await turn()
    await store.dispose()
    expect(await read).toMatchObject({ left: { _tag: 'StoreUnavailable' } })
  })

  it('any other failure is told at once', async () => {
    let broken = false
    const store = await sqliteStoreOn(
      {},
      connectAround((sql, call) => {
        if (reads(sql) && broken) throw sqliteError('SQLITE_IOERR_READ', 266)
        return call()
      })
    )
    broken = true
    const failed = {
      left: { _tag: 'StoreUnavailable', message: expect.stringMatching(/^SQLite failed \(SQLITE_IOERR_READ\): \/.*$/) }
    }
    expect(await store.readStream('s', 'forwards', 'start', 1)()).toMatchObject(failed)
    expect(await store.readAll('start', '', 1)()).toMatchObject(failed)
  })
})

describe('a read', () => {
  it('leaves nothing open that would keep the log from being folded in', async () => {
    const file = temporaryFile('store.db')
    const store = await sqliteStoreOn({ file, synchronous: 'NORMAL' })
    const append = appendOf(250)
    await store.append(append)()
    const other = connect(file)
    const checkpoint = other.prepare('PRAGMA wal_checkpoint(TRUNCATE)')
    for (const count of [0, 1, 99, 100, 101, 200, 250, 1000]) {
      for (const from of ['start', 'end', 0n, 100n, 249n] as const) {
        await store.readStream(append.stream, 'forwards', from, count)()
        await store.readStream(append.stream, 'backwards', from, count)()
        await store.readAll('start', '', count)()
        await store.append(appendOf(1))()
        const [busy] = checkpoint.rows([])[0] ?? []
        expect(busy).toBe(0)
      }
    }
    other.close()
  })

  it('takes a count below 0 for none', async () => {
    const store = await sqliteStoreOn()
    const append = appendOf(3)
    await store.append(append)()
    for (const direction of ['forwards', 'backwards'] as const) {
      expect(await store.readStream(append.stream, direction, 1n, -1)()).toEqual(E.right([]))
    }
    expect(pageOf(await store.readAll('start', '', -1)()).events).toEqual([])
  })
})
