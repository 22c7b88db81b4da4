import { expect, it, onTestFinished } from 'vitest'
import { openEventStoreDbStore } from '../../src/eventstoredb.ts'
import type { StandIn } from '../../src/testing/eventstoredb.ts'
import { clockAhead } from '../support/clock-ahead.ts'
import { forbidUnhandledRejections, standIn } from '../support/eventstoredb.ts'
import { eventually } from '../support/eventually.ts'
import { follow, quick, quickStoreOn, writer } from './follow.ts'

forbidUnhandledRejections()

const prefix = 'wanted-idem_'
const outageMs = 5000

/** A store that looks at a silent subscription so seldom that no look falls into a test. */
const restfulStoreOn = async (connectionString: string) => {
  const subscriptions = { ...quick, outageMs, livenessMs: 600_000 }
  const store = await openEventStoreDbStore({ connectionString, deadlineMs: 20_000, subscriptions })
  onTestFinished(() => store.dispose())
  return store
}

const subscriptions = (server: StandIn): number => server.calls.filter(({ rpc }) => rpc === 'subscribe').length

it('a quiet subscription that is dropped was not away before that', async () => {
  const server = await standIn()
  const store = await restfulStoreOn(server.url)
  const { heard } = follow(store, prefix)
  await eventually(() => expect(heard().caughtUp).toBe(1))
  clockAhead(outageMs + 1000)
  server.dropConnections()
  await eventually(() => expect(subscriptions(server)).toBe(2))
  const wanted = writer(store, prefix)
  await wanted.write(1)
  await eventually(() => expect(heard().ids).toEqual(wanted.ids))
})

it('nor was one whose consumer took its time over a message while the server restarted', async () => {
  const server = await standIn()
  const store = await restfulStoreOn(server.url)
  let go = (): void => {}
  const { heard } = follow(store, prefix, 'start', () => {
    if (heard().ids.length !== 1) return
    return new Promise((resolve) => {
      go = resolve
    })
  })
  await eventually(() => expect(heard().caughtUp).toBe(1))
  const wanted = writer(store, prefix)
  await wanted.write(1)
  await eventually(() => expect(heard().ids).toEqual(wanted.ids))
  clockAhead(outageMs + 1000)
  await server.restart()
  await wanted.write(1)
  go()
  await eventually(() => expect(heard().ids).toEqual(wanted.ids))
})

it('what a server did not foresee, however often, ends none that was up, though it is where it began', async () => {
  const server = await standIn()
  const store = await quickStoreOn(server.url)
  const wanted = writer(store, prefix)
  await wanted.write(1)
  const at = server.records().at(-1)?.position
  server.faults.next({ rpc: 'subscribe', when: 'after', do: { error: 'unknown' }, times: 2 })
  const { heard } = follow(store, prefix, `${at}/${at}`)
  await eventually(() => expect(subscriptions(server)).toBe(3))
  await wanted.write(1)
  await eventually(() => expect(heard().ids).toEqual(wanted.ids.slice(1)))
})
