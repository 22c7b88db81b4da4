import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import type { FaultAction } from '../../../../src/testing/eventstoredb.ts'
import { appendOf } from '../../../support/append-of.ts'
import { forbidUnhandledRejections, standIn, storeOn } from '../../../support/eventstoredb.ts'

forbidUnhandledRejections()

/** Far more than a test takes: a call that had this long would not be over. */
const deadlineMs = 2 ** 40
const withinMs = 200

const stops: ReadonlyArray<FaultAction> = ['hang', 'freeze', { delayMs: 2 ** 31 - 1 }]

describe('a call that gets what is left of a command’s time', () => {
  it.each(stops.map((stop) => [stop]))('is over by then where the server stops: %o', async (stop) => {
    const server = await standIn()
    const store = await storeOn(server.url, { deadlineMs })
    server.faults.always(() => ({ do: stop }))
    expect(await store.append(appendOf(1), withinMs)()).toMatchObject(
      E.left({ _tag: 'OutcomeUnknown', error: { _tag: 'StoreTimeout' } })
    )
    expect(await store.readStream('x-1', 'forwards', 'start', 1, withinMs)()).toMatchObject(
      E.left({ _tag: 'StoreTimeout' })
    )
  })

  it('is over by then where the cluster elects, or nobody speaks', async () => {
    const server = await standIn()
    const other = await standIn({ joins: server })
    const store = await storeOn(server.clusterUrl(), { deadlineMs })
    for (const silence of [() => server.resign(), () => [server, other].map(({ mute }) => mute())]) {
      silence()
      expect(await store.append(appendOf(1), withinMs)()).toMatchObject(E.left({ _tag: 'NotWritten' }))
      expect(await store.readStream('x-1', 'forwards', 'start', 1, withinMs)()).toMatchObject({ _tag: 'Left' })
    }
  })

  it('is not made where nothing is left, and certainly wrote nothing', async () => {
    const server = await standIn()
    const store = await storeOn(server.url)
    for (const none of [0, -1, -1e9]) {
      expect(await store.append(appendOf(1), none)()).toMatchObject(
        E.left({ _tag: 'NotWritten', error: { _tag: 'StoreTimeout' } })
      )
      expect(await store.readStream('x-1', 'forwards', 'start', 1, none)()).toMatchObject(
        E.left({ _tag: 'StoreTimeout' })
      )
    }
    expect(server.calls).toEqual([])
  })

  it('has no longer than the store’s own time either', async () => {
    const server = await standIn()
    const store = await storeOn(server.url, { deadlineMs: withinMs })
    server.faults.always(() => ({ do: 'hang' }))
    expect(await store.append(appendOf(1), 2 ** 40)()).toMatchObject(E.left({ _tag: 'OutcomeUnknown' }))
    expect(await store.readStream('x-1', 'forwards', 'start', 1, 2 ** 40)()).toMatchObject(
      E.left({ _tag: 'StoreTimeout' })
    )
  })
})
