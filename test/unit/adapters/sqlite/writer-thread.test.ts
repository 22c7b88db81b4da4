import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { connect } from '../../../../src/adapters/sqlite/connection.ts'
import { logGuard } from '../../../../src/adapters/sqlite/log-guard.ts'
import { ownProgram, startThread, type ThreadProgram } from '../../../../src/adapters/sqlite/worker/thread.ts'
import type { Append, EventStore } from '../../../../src/application/ports/event-store.ts'
import { appendOf } from '../../../support/append-of.ts'
import { doomed } from '../../../support/doomed.ts'
import { sqliteStoreOn } from '../../../support/sqlite-store.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

const allAtOnce = (store: EventStore, appends: ReadonlyArray<Append>) =>
  Promise.all(appends.map((append) => store.append(append)()))

const list = (count: number): ReadonlyArray<Append> => Array.from({ length: count }, () => appendOf())

const written = (count: number) => Array(count).fill(E.right({ revision: 0n }))

const missing = (): ThreadProgram => ({ url: pathToFileURL(temporaryFile('thread.js')) })

describe('a writer thread', () => {
  it('is started by load that lasts, and by nothing less', async () => {
    const done = temporaryFile('done')
    const store = await sqliteStoreOn({}, connect, doomed({ how: 'exit', moment: 'after', done }))
    for (const append of list(30)) expect(E.isRight(await store.append(append)())).toBe(true)
    for (let n = 0; n < 10; n++) expect(await allAtOnce(store, list(8))).toEqual(written(8))
    expect(await allAtOnce(store, list(64))).toEqual(written(64))
    expect(existsSync(done)).toBe(false)
    // the first group that it writes is its last one
    while (!existsSync(done)) await allAtOnce(store, list(64))
  })

  it('is never started where the caller is to write', async () => {
    const store = await sqliteStoreOn({ writer: 'caller' }, connect, missing())
    for (let n = 0; n < 10; n++) expect(await allAtOnce(store, list(64))).toEqual(written(64))
  })

  it('is started where there are more than two cores, or it was asked for, and not otherwise', async () => {
    let starts = 0
    const counted: ThreadProgram = {
      get url() {
        starts++
        return missing().url
      }
    }
    const startsOn = async (cores: number): Promise<number> => {
      starts = 0
      const store = await sqliteStoreOn({}, connect, counted, cores)
      for (let n = 0; n < 10; n++) expect(await allAtOnce(store, list(64))).toEqual(written(64))
      return starts
    }
    expect(await startsOn(2)).toBe(0)
    expect(await startsOn(3)).toBeGreaterThan(0)
    await expect(sqliteStoreOn({ writer: 'worker' }, connect, missing(), 2)).rejects.toThrow('StoreUnavailable')
  })

  it('that cannot be started keeps a store that wants one from being opened, with the reason', async () => {
    await expect(sqliteStoreOn({ writer: 'worker' }, connect, missing())).rejects.toThrow(
      'StoreUnavailable: the writer thread cannot be started: Cannot find module'
    )
  })

  it('that cannot be started is done without otherwise, and it is said once', async () => {
    const warnings: Array<unknown> = []
    const listen = (warning: unknown): void => void warnings.push(warning)
    process.on('warning', listen)
    const [store, other] = [await sqliteStoreOn({}, connect, missing()), await sqliteStoreOn({}, connect, missing())]
    while (warnings.length === 0) expect(await allAtOnce(store, list(64))).toEqual(written(64))
    for (let n = 0; n < 20; n++) expect(await allAtOnce(other, list(64))).toEqual(written(64))
    process.off('warning', listen)
    expect(warnings).toMatchObject([
      {
        name: 'KeyfoldWarning',
        code: 'KEYFOLD_NO_WRITER_THREAD',
        message: expect.stringMatching(
          /^the writer thread cannot be started: Cannot find module.*on the thread of their callers$/s
        )
      }
    ])
  })

  it('does not touch a file that came in the place of the one that was opened', async () => {
    const file = temporaryFile('store.db')
    await sqliteStoreOn({ file })
    const guard = logGuard(file)
    expect(guard.broken()).toBeUndefined()
    mkdirSync(join(dirname(file), 'aside'))
    for (const end of ['', '-wal', '-shm']) renameSync(file + end, join(dirname(file), 'aside', `store.db${end}`))
    const other = await sqliteStoreOn({ file })
    const start = { path: file, synchronous: 'FULL', busyTimeoutMs: 100, inUse: guard.inUse() } as const
    const starting = startThread(ownProgram, start)
    expect(E.isRight(starting) && (await starting.right.ready)).toMatchObject({
      left: { _tag: 'StoreUnavailable', message: 'the file was moved, removed or replaced since it was opened' }
    })
    expect(await allAtOnce(other, list(3))).toEqual(written(3))
    guard.close()
  })
})

describe('a store that is written by a thread', () => {
  const byThread = (options = {}) => sqliteStoreOn({ writer: 'worker', ...options })

  it('has one writer at a time: none is refused for another of the same store', async () => {
    const store = await byThread({ busyTimeoutMs: 1 })
    const works = Array.from({ length: 20 }, async () => {
      const [groups, atomically] = await Promise.all([allAtOnce(store, list(10)), store.appendAtomically?.(list(3))()])
      expect(groups).toEqual(written(10))
      expect(atomically).toEqual(E.right(undefined))
    })
    await Promise.all(works)
    expect(await store.readAll('start', '', 1000)()).toMatchObject({ right: { next: '260', atEnd: true } })
  })

  it.each(['worker', 'caller'])(
    'refuses what could not be sent to it, alone, and goes on (writer: %s)',
    async (writer) => {
      const store = await byThread({ writer })
      const [good, other] = [appendOf(), appendOf()]
      const hostile = [Symbol('s'), () => '', { toString: () => 'x' }, undefined, 1n].map((data) => {
        const [event] = appendOf().events
        return { ...appendOf(), events: [{ ...event, data }] } as unknown as Append
      })
      const [first, ...results] = await allAtOnce(store, [good, ...hostile, other])
      expect([first, results.pop()]).toEqual(written(2))
      for (const result of results) {
        expect(result).toMatchObject({
          left: { _tag: 'NotWritten', error: { _tag: 'InvalidInput', path: '$.events' } }
        })
      }
    }
  )

  it('is told the time of the store, which a thread does not know', async () => {
    const store = await byThread({ now: () => 1234 })
    const append = appendOf()
    await store.append(append)()
    expect(await store.readStream(append.stream, 'forwards', 'start', 1)()).toMatchObject({
      right: [{ recordedAtMs: 1234 }]
    })
  })

  it('answers all that it was given before its end, and leaves one file that nobody holds', async () => {
    const file = temporaryFile('store.db')
    const store = await byThread({ file })
    const answers = allAtOnce(store, list(600))
    const ends = [store.dispose(), store.dispose()]
    expect(await answers).toEqual(written(600))
    await Promise.all(ends)
    expect(readdirSync(dirname(file)).filter((name) => name.startsWith('store.db'))).toEqual(['store.db'])
    // needs the file for itself
    const alone = connect(file)
    expect(alone.prepare('PRAGMA journal_mode = DELETE').rows([])).toEqual([['delete']])
    expect(alone.prepare('SELECT count(*) FROM events').rows([])).toEqual([[600]])
    alone.close()
  })
})
