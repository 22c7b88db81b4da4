import { getInMemoryEventStore, type InMemoryEventStore } from '@event-driven-io/emmett'
import { createLedger, type OnceAnswer } from 'keyfold'
import { openMemoryStore } from 'keyfold/memory'
import { describe, expect, it } from 'vitest'
import { gate } from '../support/gate.ts'
import { addProduct, type CartEvent } from './snippets/make-an-emmett-command-idempotent.ts'

const command = { cartId: 'cart-1', product: 'tea', quantity: 2 }

const setUp = async () => {
  let aheadMs = 0
  const ledger = createLedger({ store: await openMemoryStore(), clock: () => Date.now() + aheadMs })
  const store = getInMemoryEventStore()
  const events = async () => (await store.readStream<CartEvent>('cart-1')).events
  const later = (ms: number): void => {
    aheadMs += ms
  }
  return { ledger, store, events, later }
}

/** The store, with something that happens before or after each append. */
const around = (
  store: InMemoryEventStore,
  { before, after }: { readonly before?: () => Promise<unknown>; readonly after?: () => Promise<unknown> }
): InMemoryEventStore => ({
  ...store,
  appendToStream: async (...args) => {
    await before?.()
    const appended = await store.appendToStream(...args)
    await after?.()
    return appended
  }
})

const byRival: CartEvent = {
  type: 'ProductAdded',
  data: { product: 'milk', quantity: 1 },
  metadata: { commandId: 'rival' }
}
const closed: CartEvent = { type: 'CartClosed', data: {}, metadata: { commandId: 'rival' } }

const brief = ({ _tag, ...rest }: OnceAnswer<{ readonly version: number }>) => ({
  _tag,
  ...('value' in rest && { value: rest.value }),
  ...('failure' in rest && { failure: rest.failure })
})

describe('the how-to’s command', () => {
  it('appends its event once, and gives the same version to whoever sends it again', async () => {
    const { ledger, store, events } = await setUp()
    const send = async () => brief(await addProduct(ledger, store, 'key-1', command))
    expect(await send()).toEqual({ _tag: 'Ran', value: { version: 1 } })
    await store.appendToStream('cart-1', [byRival])
    expect(await send()).toEqual({ _tag: 'Replayed', value: { version: 1 } })
    expect((await events()).map(({ data }) => data)).toEqual([{ product: 'tea', quantity: 2 }, byRival.data])
  })

  it('is two commands under two keys, and refuses another command under its key', async () => {
    const { ledger, store, events } = await setUp()
    await addProduct(ledger, store, 'key-1', command)
    expect(await addProduct(ledger, store, 'key-2', command)).toMatchObject({ _tag: 'Ran', value: { version: 2 } })
    expect((await addProduct(ledger, store, 'key-1', { ...command, quantity: 3 }))._tag).toBe('Conflict')
    expect(await events()).toHaveLength(2)
  })

  it('appends once of many that are sent at the same time', async () => {
    const { ledger, store, events } = await setUp()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => addProduct(ledger, store, 'key-1', command).then(({ _tag }) => _tag))
    )
    expect(answers.filter((tag) => tag === 'Ran')).toHaveLength(1)
    expect(answers.filter((tag) => tag !== 'Ran' && tag !== 'InFlight' && tag !== 'Replayed')).toEqual([])
    expect(await events()).toHaveLength(1)
  })

  it('that the cart refuses is refused again, whatever became of the cart', async () => {
    const { ledger, store } = await setUp()
    await store.appendToStream('cart-1', [closed])
    const failure = 'the cart is closed'
    const send = async () => brief(await addProduct(ledger, store, 'key-1', command))
    expect(await send()).toEqual({ _tag: 'Failed', failure })
    expect(await send()).toEqual({ _tag: 'ReplayedFailure', failure })
  })

  it('that met a rival gives its key back, and is decided anew when it is sent again', async () => {
    const { ledger, store } = await setUp()
    const rivalled = around(store, { before: () => store.appendToStream('cart-1', [byRival]) })
    expect((await addProduct(ledger, rivalled, 'key-1', command))._tag).toBe('Released')
    expect(await addProduct(ledger, store, 'key-1', command)).toMatchObject({ _tag: 'Ran', value: { version: 2 } })
  })

  it('whose worker went silent after its append is found in the stream, and not appended again', async () => {
    const { ledger, store, events, later } = await setUp()
    const { pass, open, reached } = gate()
    const silent = addProduct(ledger, around(store, { after: pass }), 'key-1', command)
    await reached
    expect((await addProduct(ledger, store, 'key-1', command))._tag).toBe('InFlight')
    later(60_000)
    expect(await addProduct(ledger, store, 'key-1', command)).toMatchObject({ _tag: 'Ran', value: { version: 1 } })
    open()
    // what it says is what is on record already
    expect(brief(await silent)).toEqual({ _tag: 'ClaimLost', value: { version: 1 } })
    expect(await events()).toHaveLength(1)
  })

  it('whose worker went silent before its append is run by the next one; the first is stopped by the version', async () => {
    const { ledger, store, events, later } = await setUp()
    const { pass, open, reached } = gate()
    const silent = addProduct(ledger, around(store, { before: pass }), 'key-1', command)
    await reached
    later(60_000)
    expect(await addProduct(ledger, store, 'key-1', command)).toMatchObject({ _tag: 'Ran', value: { version: 1 } })
    open()
    expect((await silent)._tag).toBe('ClaimLost')
    expect(await events()).toHaveLength(1)
  })

  it('whose silent worker appends in the middle of the next one is appended once all the same', async () => {
    const { ledger, store, events, later } = await setUp()
    const { pass, open, reached } = gate()
    const silent = addProduct(ledger, around(store, { before: pass }), 'key-1', command)
    await reached
    later(60_000)
    const wakesIt = around(store, {
      before: async () => {
        open()
        await silent
      }
    })
    expect((await addProduct(ledger, wakesIt, 'key-1', command))._tag).toBe('LeftToLapse')
    expect((await silent)._tag).toBe('ClaimLost')
    later(60_000)
    expect(await addProduct(ledger, store, 'key-1', command)).toMatchObject({ _tag: 'Ran', value: { version: 1 } })
    expect(await events()).toHaveLength(1)
  })

  it('whose append got no answer is tried again, and appended once', async () => {
    const { ledger, store, events } = await setUp()
    const lossy = around(store, { after: () => Promise.reject(new Error('connection lost')) })
    expect((await addProduct(ledger, lossy, 'key-1', command))._tag).toBe('Released')
    expect(await addProduct(ledger, store, 'key-1', command)).toMatchObject({ _tag: 'Ran', value: { version: 1 } })
    expect(await events()).toHaveLength(1)
  })
})
