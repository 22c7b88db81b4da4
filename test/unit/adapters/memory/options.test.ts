import { describe, expect, it } from 'vitest'
import { KeyfoldError } from '../../../../src/index.ts'
import { type MemoryStoreOptions, openMemoryStore, openMemoryStoreTaskEither } from '../../../../src/memory.ts'
import { appendOf } from '../../../support/append-of.ts'

describe('options of a store in memory that make no sense are thrown as InvalidInput, by their path', () => {
  it.each<readonly [string, unknown]>([
    ['$', null],
    ['$', 'log'],
    ['$.log', { log: {} }],
    ['$.log', { log: [] }],
    ['$.now', { now: 5 }]
  ])('%s: %j', async (path, options) => {
    const thrown = await openMemoryStore(options as MemoryStoreOptions).catch((cause: unknown) => cause)
    expect(thrown).toBeInstanceOf(KeyfoldError)
    expect(thrown).toMatchObject({ failure: { _tag: 'InvalidInput', path } })
    expect(await openMemoryStoreTaskEither(options as MemoryStoreOptions)()).toMatchObject({
      left: { _tag: 'InvalidInput', path }
    })
  })

  it('a time of recording that is none is InvalidInput, and nothing is written', async () => {
    const store = await openMemoryStore({ now: () => 0.5 })
    const refused = { left: { _tag: 'NotWritten', error: { _tag: 'InvalidInput', path: '$.now' } } }
    expect(await store.append(appendOf())()).toMatchObject(refused)
    expect(await store.appendAtomically?.([appendOf()])()).toMatchObject(refused)
    expect(await store.readAll('start', '', 10)()).toMatchObject({ right: { events: [] } })
  })
})
