import { statSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { SqliteStoreOptions } from '../../../../src/adapters/sqlite/options.ts'
import { appendOf } from '../../../support/append-of.ts'
import { opened, refusal } from '../../../support/sqlite-opening.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

describe('options that make no sense are InvalidInput, by their path', () => {
  it.each<readonly [string, string, unknown]>([
    ['$', 'none at all', undefined],
    ['$', 'null', null],
    ['$.file', 'no file', {}],
    ['$.file', 'undefined', { file: undefined }],
    ['$.file', 'an address', { file: new URL('file:///x.db') }],
    ['$.file', 'bytes', { file: Buffer.from('x.db') }],
    ['$.file', 'no name', { file: '' }],
    ['$.file', 'memory, which two connections do not share', { file: ':memory:' }],
    ['$.file', 'a null character', { file: 'x\0y.db' }],
    ['$.busyTimeoutMs', 'a wait below 0', { file: 'x.db', busyTimeoutMs: -1 }],
    ['$.busyTimeoutMs', 'a wait that is no number', { file: 'x.db', busyTimeoutMs: Number.NaN }],
    ['$.busyTimeoutMs', 'a wait without end', { file: 'x.db', busyTimeoutMs: Number.POSITIVE_INFINITY }],
    ['$.busyTimeoutMs', 'a text', { file: 'x.db', busyTimeoutMs: '5' }],
    ['$.synchronous', 'another durability', { file: 'x.db', synchronous: 'OFF' }],
    ['$.now', 'a number', { file: 'x.db', now: 5 }],
    ['$.check', 'another check', { file: 'x.db', check: 'some' }],
    ['$.onMigration', 'a listener that is none', { file: 'x.db', onMigration: true }]
  ])('%s: %s', async (path, _, options) => {
    expect(await refusal(options as SqliteStoreOptions)).toMatchObject({ _tag: 'InvalidInput', path })
  })

  it('and a wait of any length is taken', async () => {
    const store = await opened(temporaryFile('x.db'), { busyTimeoutMs: Number.MAX_SAFE_INTEGER })
    await store.dispose()
  })
})

describe('the mode of the files', () => {
  const modeOf = (file: string): number => statSync(file).mode & 0o777

  it('a store is for its owner alone, with its log', async () => {
    const file = temporaryFile('x.db')
    const store = await opened(file)
    await store.append(appendOf(1))()
    expect([file, `${file}-wal`, `${file}-shm`].map(modeOf)).toEqual([0o600, 0o600, 0o600])
    await store.dispose()
  })

  it('a file that was there keeps its own', async () => {
    const file = temporaryFile('x.db')
    writeFileSync(file, '', { mode: 0o640 })
    const store = await opened(file)
    expect([file, `${file}-wal`].map(modeOf)).toEqual([0o640, 0o640])
    await store.dispose()
  })
})
