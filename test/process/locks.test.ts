import { readFileSync, statSync, writeFileSync } from 'node:fs'
import * as E from 'fp-ts/Either'
import { describe, expect, it, vi } from 'vitest'
import { openSqliteStoreTaskEither } from '../../src/adapters/sqlite/event-store.ts'
import { createLedger } from '../../src/composition/ledger.ts'
import { appendOf } from '../support/append-of.ts'
import { program } from '../support/child.ts'
import { eventSql } from '../support/event-sql.ts'
import { sqlProcess } from '../support/sql-process.ts'
import { sqliteStoreOn } from '../support/sqlite-store.ts'
import { temporaryFile } from '../support/temporary-file.ts'

const sql = program('test/support/sql-child.ts')

const fixture = readFileSync('test/fixtures/sqlite-store/schema.v1.sql', 'utf8')

const busy = { _tag: 'StoreBusy', message: expect.stringContaining('another process holds the file locked') }

/** Fails where the event loop is held: no timer runs then. */
const loopTurns = async (): Promise<void> => {
  let ticks = 0
  const timer = setInterval(() => ticks++, 1)
  await vi.waitFor(() => expect(ticks).toBeGreaterThan(30), { timeout: 60_000, interval: 5 })
  clearInterval(timer)
}

/** What a promise came to, once it did. */
const watched = <A>(promise: Promise<A>) => {
  const seen: { value?: A } = {}
  void promise.then((value) => {
    seen.value = value
  })
  return seen
}

describe.each([
  ['BEGIN IMMEDIATE', 'caller'],
  ['BEGIN EXCLUSIVE', 'caller'],
  ['BEGIN IMMEDIATE', 'worker']
] as const)('another process that holds the write lock (%s, writer: %s)', (begin, writer) => {
  it('is waited for, and the event loop turns meanwhile', async () => {
    const file = temporaryFile('store.db')
    const store = await sqliteStoreOn({ file, writer, busyTimeoutMs: 60_000 })
    const other = sqlProcess(sql, file)
    await other.run(begin)
    const before = appendOf()
    const appends = [store.append(before)(), store.append(appendOf(2))()]
    const atomically = store.appendAtomically?.([appendOf(), appendOf()])()
    const seen = [...appends, atomically].map((answer) => watched(Promise.resolve(answer)))
    await loopTurns()
    // readers are not in its way
    expect(await store.readStream(before.stream, 'forwards', 'start', 1)()).toEqual(E.right([]))
    expect(seen).toEqual([{}, {}, {}])
    await other.run('COMMIT')
    expect(await Promise.all(appends)).toEqual([E.right({ revision: 0n }), E.right({ revision: 1n })])
    expect(await atomically).toEqual(E.right(undefined))
  })

  it('and never lets go: StoreBusy, certainly not written', async () => {
    const file = temporaryFile('store.db')
    const store = await sqliteStoreOn({ file, writer, busyTimeoutMs: 150 })
    const other = sqlProcess(sql, file)
    await other.run(begin)
    const answers = [store.append(appendOf())(), store.append(appendOf())(), store.appendAtomically?.([appendOf()])()]
    await loopTurns()
    for (const answer of await Promise.all(answers)) {
      expect(answer).toMatchObject({ left: { _tag: 'NotWritten', error: busy } })
    }
    const ledger = createLedger({ store })
    const reserved = await ledger.taskEither.reserve({
      tenant: { orgId: 'acme', workspaceId: 'shop', source: 'explicit' },
      operation: 'charge',
      key: 'key',
      owner: 'worker',
      requestFingerprint: 'sha256:1',
      lease: 'none'
    })()
    expect(reserved).toMatchObject({ left: busy })
    await other.run('COMMIT')
    expect(await store.readAll('start', '', 10)()).toMatchObject({ right: { events: [] } })
    expect(await store.append(appendOf())()).toEqual(E.right({ revision: 0n }))
  })

  it('refuses those whose time is over, and no others, whoever came first', async () => {
    const file = temporaryFile('store.db')
    const store = await sqliteStoreOn({ file, writer, busyTimeoutMs: 60_000 })
    const other = sqlProcess(sql, file)
    await other.run(begin)
    const patient = [store.append(appendOf())()]
    // the thread, where there is one, has the first by now
    await loopTurns()
    const hasty = [store.append(appendOf(), 100)()]
    patient.push(store.append(appendOf())())
    hasty.push(store.append(appendOf(), 100)())
    patient.push(store.append(appendOf())())
    for (const answer of await Promise.all(hasty)) {
      expect(answer).toMatchObject({ left: { _tag: 'NotWritten', error: { _tag: 'StoreBusy' } } })
    }
    await other.run('COMMIT')
    expect(await Promise.all(patient)).toEqual(Array(3).fill(E.right({ revision: 0n })))
  })

  it('and dies: the next one goes on at once', async () => {
    const file = temporaryFile('store.db')
    const store = await sqliteStoreOn({ file, writer, busyTimeoutMs: 60_000 })
    const other = sqlProcess(sql, file)
    await other.run(begin, eventSql(1, 'half', 'e'))
    const answer = store.append(appendOf())()
    const seen = watched(answer)
    await loopTurns()
    expect(seen).toEqual({})
    await other.kill()
    expect(await answer).toEqual(E.right({ revision: 0n }))
    expect(await store.readStream('half', 'forwards', 'start', 1)()).toEqual(E.right([]))
  })

  it('does not keep a store from its end', async () => {
    const file = temporaryFile('store.db')
    const store = await sqliteStoreOn({ file, writer, busyTimeoutMs: 100 })
    const other = sqlProcess(sql, file)
    await other.run(begin)
    const answer = store.append(appendOf())()
    await store.dispose()
    expect(await answer).toMatchObject({ left: { _tag: 'NotWritten', error: busy } })
  })
})

describe('opening a file that another process has for itself', () => {
  const alone = async (file: string) => {
    const other = sqlProcess(sql, file)
    await other.run('PRAGMA locking_mode = EXCLUSIVE', 'BEGIN EXCLUSIVE', 'COMMIT')
    return other
  }
  const cases: ReadonlyArray<readonly [string, (file: string) => Promise<void>]> = [
    [
      'a store',
      async (file) => {
        const maker = sqlProcess(sql, file)
        // by another process, of which nothing is left: this one must not know the file yet
        await maker.run(`/* as an earlier keyfold made it */ ${fixture}`)
        await maker.kill()
      }
    ],
    ['a file that is still empty', async (file) => writeFileSync(file, '')]
  ]

  it.each(cases)('waits until it is let go: %s', async (_, make) => {
    const file = temporaryFile('store.db')
    await make(file)
    const other = await alone(file)
    const opening = sqliteStoreOn({ file, busyTimeoutMs: 60_000 })
    const seen = watched(opening)
    await loopTurns()
    expect(seen).toEqual({})
    await other.kill()
    const store = await opening
    expect(await store.append(appendOf())()).toEqual(E.right({ revision: 0n }))
  })

  it.each(cases)('is StoreBusy where it is not let go: %s', async (_, make) => {
    const file = temporaryFile('store.db')
    await make(file)
    await alone(file)
    const opening = openSqliteStoreTaskEither({ file, busyTimeoutMs: 150 })()
    await loopTurns()
    expect(await opening).toMatchObject({ left: busy })
  })
})

describe('another process that reads for long', () => {
  it('makes the log grow, which is given back once it is done', async () => {
    const file = temporaryFile('store.db')
    const store = await sqliteStoreOn({ file, synchronous: 'NORMAL' })
    await store.append(appendOf())()
    const other = sqlProcess(sql, file)
    await other.run('BEGIN', 'SELECT count(*) FROM events')
    const mebibyte = 1024 * 1024
    for (let n = 0; n < 20; n++) {
      expect(E.isRight(await store.append(appendOf(1, undefined, undefined, 'x'.repeat(mebibyte)))())).toBe(true)
    }
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(20 * mebibyte)
    await other.run('COMMIT')
    for (let n = 0; n < 3; n++) expect(E.isRight(await store.append(appendOf())())).toBe(true)
    expect(statSync(`${file}-wal`).size).toBeLessThanOrEqual(8 * mebibyte)
    expect(await store.readAll('20', '', 1000)()).toMatchObject({ right: { next: '24', atEnd: true } })
  })
})
