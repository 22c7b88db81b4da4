import { describe, expect, it, vi } from 'vitest'
import { asyncDisposable } from '../../../src/application/ports/async-disposable.ts'
import { openEventStoreDbStore } from '../../../src/eventstoredb.ts'
import { createLedger } from '../../../src/index.ts'
import { openMemoryStore } from '../../../src/memory.ts'
import { openSqliteStore } from '../../../src/sqlite.ts'
import { asking } from '../../support/scripted-ledger.ts'
import { temporaryFile } from '../../support/temporary-file.ts'

const stores = [
  ['memory', () => openMemoryStore()],
  ['sqlite', () => openSqliteStore({ file: temporaryFile('using.db') })],
  ['eventstoredb', () => openEventStoreDbStore({ connectionString: 'esdb://127.0.0.1:9?tls=false' })]
] as const

describe('what await using disposes of', () => {
  it.each(stores)('is a store: %s', async (_, open) => {
    const store = await open()
    await store[Symbol.asyncDispose]()
    expect(await store.readAll('start', '', 1)()).toMatchObject({ left: { _tag: 'StoreUnavailable' } })
    // again is no harm, by either name
    await store.dispose()
    await store[Symbol.asyncDispose]()
  })
  it('is a ledger, which first finishes what runs and leaves the store open', async () => {
    const store = await openMemoryStore()
    const ledger = createLedger({ store })
    const running = ledger.reserve(asking())
    await ledger[Symbol.asyncDispose]()
    expect(await running).toMatchObject({ _tag: 'Reserved' })
    await expect(ledger.reserve(asking())).rejects.toMatchObject({ tag: 'StoreUnavailable' })
    expect(await store.readAll('start', '', 10)()).toMatchObject({ right: { events: [{ type: 'Reserved' }] } })
  })
  it('is a copy by the end of its own, and not by that of the original', async () => {
    const real = await openMemoryStore()
    const dispose = vi.fn(async () => {})
    await { ...real, dispose }[Symbol.asyncDispose]()
    expect(dispose).toHaveBeenCalledOnce()
    expect(await real.readAll('start', '', 1)()).toMatchObject({ _tag: 'Right' })
  })
  it('is nothing where the symbol is missing, as in a context of Jest’s on Node 20: no method of another name comes of it', () => {
    vi.stubGlobal('Symbol', {})
    const made = asyncDisposable({ dispose: async () => {} }, (it) => it.dispose())
    vi.unstubAllGlobals()
    expect(Reflect.ownKeys(made)).toEqual(['dispose'])
  })
})
