import { describe, expect, it } from 'vitest'
import { KeyfoldError } from '../../../../src/index.ts'
import { type MemoryStoreOptions, memoryStore } from '../../../../src/memory.ts'
import { appendOf } from '../../../support/append-of.ts'

describe('options of a store in memory that make no sense are thrown as InvalidInput, by their path', () => {
  it.each<readonly [string, unknown]>([
    ['$', null],
    ['$', 'log'],
    ['$.log', { log: {} }],
    ['$.log', { log: [] }],
    ['$.now', { now: 5 }]
  ])('%s: %j', (path, options) => {
    const opening = (): unknown => memoryStore(options as MemoryStoreOptions)
    expect(opening).toThrow(KeyfoldError)
    expect(opening).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ _tag: 'InvalidInput', path }) })
    )
  })

  it('a time of recording that is none is InvalidInput, and nothing is written', async () => {
    const store = memoryStore({ now: () => 0.5 })
    const refused = { left: { _tag: 'NotWritten', error: { _tag: 'InvalidInput', path: '$.now' } } }
    expect(await store.append(appendOf())()).toMatchObject(refused)
    expect(await store.appendAtomically?.([appendOf()])()).toMatchObject(refused)
    expect(await store.readAll('start', '', 10)()).toMatchObject({ right: { events: [] } })
  })
})
