import * as E from 'fp-ts/Either'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openMemoryStore } from '../../src/memory.ts'
import { appendOf } from '../support/append-of.ts'
import { program, start } from '../support/child.ts'
import { sqlProcess } from '../support/sql-process.ts'
import { sqliteStoreOn } from '../support/sqlite-store.ts'
import { temporaryFile } from '../support/temporary-file.ts'

const child = program('test/process/fake-timers-child.ts')
const sql = program('test/support/sql-child.ts')

afterEach(() => {
  vi.useRealTimers()
})

describe('a test that fakes time still gets its answers from a store', () => {
  it.each(['before', 'after'] as const)('with node:test, %s the store is opened', async (when) => {
    const told = start<{ readonly answer: string; readonly recordedAtMs: number }>(child, {
      file: temporaryFile('store.db'),
      when
    })
    expect(await told.hear(() => true)).toEqual({ answer: 'Reserved', recordedAtMs: 5000 })
    await told.end()
  })

  it.each(['before', 'after'] as const)(
    'with vitest, %s the store is opened; and the faked time is recorded',
    async (when) => {
      if (when === 'before') vi.useFakeTimers({ now: 5000 })
      for (const store of [await sqliteStoreOn(), await openMemoryStore()]) {
        vi.useFakeTimers({ now: 5000 })
        const append = appendOf()
        expect(await store.append(append)()).toEqual(E.right({ revision: 0n }))
        expect(await store.readStream(append.stream, 'forwards', 'start', 1)()).toMatchObject({
          right: [{ recordedAtMs: 5000 }]
        })
        expect(await store.readAll('start', '', 10)()).toMatchObject({ right: { atEnd: true } })
        expect(await store.appendAtomically?.([appendOf(), appendOf()])()).toEqual(E.right(undefined))
        for await (const message of store.subscribe({ after: 'start', streamPrefix: '' })) {
          expect(message).toMatchObject({ right: { _tag: 'Event' } })
          break
        }
      }
    }
  )
})

describe('an answer that is wanted sooner than the store would give up', () => {
  it('is StoreBusy when its own time is over, definitely not written', async () => {
    const file = temporaryFile('store.db')
    const store = await sqliteStoreOn({ file, busyTimeoutMs: 2 ** 40 })
    const other = sqlProcess(sql, file)
    await other.run('BEGIN IMMEDIATE')
    expect(await store.append(appendOf(), 50)()).toMatchObject({
      left: { _tag: 'NotWritten', error: { _tag: 'StoreBusy' } }
    })
    await other.run('COMMIT')
    expect(await store.append(appendOf(), 60_000)()).toEqual(E.right({ revision: 0n }))
  })
})
