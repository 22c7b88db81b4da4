import { EventStoreDBClient } from '@eventstore/db-client'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Claim } from '../../../../src/domain/claim.ts'
import { openEventStoreDbStore } from '../../../../src/eventstoredb.ts'
import { createLedger, type Ledger } from '../../../../src/index.ts'
import type { StandIn } from '../../../../src/testing/eventstoredb.ts'
import { forbidUnhandledRejections, standIn, storeOn } from '../../../support/eventstoredb.ts'
import { eventually } from '../../../support/eventually.ts'
import { asking, claimOf, done, failureOf } from '../../../support/scripted-ledger.ts'

forbidUnhandledRejections()

type Cluster = readonly [StandIn, StandIn, StandIn]

const threeNodes = async (): Promise<Cluster> => {
  const leader = await standIn()
  return [leader, await standIn({ joins: leader }), await standIn({ joins: leader })]
}

const gossips = (node: StandIn): number => node.calls.filter(({ rpc }) => rpc === 'gossip').length

/**
 * A process that goes on with the leader that it had, which another was elected after and which does not know: it shows
 * the first of a key's reservations. The second was granted by another process, and its claim handed over.
 */
const handedOver = async ({
  url = ([first]: Cluster) => first.clusterUrl(),
  depose = ([first, second]: Cluster) => {
    first.depose()
    second.lead()
  },
  afterwards = (_: Cluster): void => undefined
} = {}): Promise<{ readonly nodes: Cluster; readonly ledger: Ledger; readonly claim: Claim }> => {
  const nodes = await threeNodes()
  const ledger = createLedger({ store: await storeOn(url(nodes)) })
  const released = claimOf(await ledger.reserve(asking()))
  await ledger.release({ claim: released })
  depose(nodes)
  const elsewhere = createLedger({ store: await storeOn(nodes[1].url) })
  const claim = claimOf(await elsewhere.reserve(asking({ lease: 600_000 })))
  afterwards(nodes)
  return { nodes, ledger, claim }
}

describe('a leader that was deposed and goes on to show what it had', () => {
  it.each<readonly [string, (ledger: Ledger, claim: Claim) => Promise<unknown>]>([
    ['renew', (ledger, claim) => ledger.renew({ claim, leaseMs: 900_000 })],
    ['complete', (ledger, claim) => ledger.complete({ claim, outcome: done })],
    ['release', (ledger, claim) => ledger.release({ claim })]
  ])('makes no claim unknown that was granted under the next one: %s', async (_, present) => {
    const { nodes, ledger, claim } = await handedOver()
    expect(await present(ledger, claim)).toMatchObject({ record: { epoch: 2 } })
    // it never learnt of it
    expect(nodes[0].role()).toBe('deposed')
  })

  it('is not believed alone by a process that has seen the others, which it cannot reach any more', async () => {
    const nodes = await threeNodes()
    const [first, second, third] = nodes
    const store = await storeOn(first.url.replace('esdb://', 'esdb+discover://'))
    const ledger = createLedger({ store, deadlineMs: 1500 })
    await ledger.release({ claim: claimOf(await ledger.reserve(asking())) })
    first.depose()
    second.lead()
    const claim = claimOf(await createLedger({ store: await storeOn(second.url) }).reserve(asking({ lease: 600_000 })))
    await Promise.all([second.stop(), third.stop()])
    expect(await failureOf(ledger.renew({ claim, leaseMs: 900_000 }))).not.toMatchObject({ _tag: 'UnknownClaim' })
  })

  it('is left for the one that leads where its address alone was given', async () => {
    const { ledger, claim } = await handedOver({ url: ([first]) => first.url })
    expect(await ledger.renew({ claim, leaseMs: 900_000 })).toMatchObject({ _tag: 'Renewed', record: { epoch: 2 } })
  })

  it('is left though it was frozen meanwhile, and wakes up believing that it leads', async () => {
    const { nodes, ledger, claim } = await handedOver({
      depose: ([first, second]) => {
        first.freeze()
        second.lead()
      },
      afterwards: ([first]) => first.thaw({ deposedMs: 2 ** 30 })
    })
    expect(nodes[0].role()).toBe('deposed')
    expect(await ledger.complete({ claim, outcome: done })).toMatchObject({ _tag: 'Completed', record: { epoch: 2 } })
  })

  it('is waited for where its cluster has one other node, and each names itself', async () => {
    const first = await standIn()
    const second = await standIn({ joins: first })
    const ledger = createLedger({ store: await storeOn(first.clusterUrl()) })
    await ledger.release({ claim: claimOf(await ledger.reserve(asking())) })
    first.depose()
    second.lead()
    const elsewhere = createLedger({ store: await storeOn(second.url) })
    const claim = claimOf(await elsewhere.reserve(asking({ lease: 600_000 })))
    const before = gossips(second)
    const renewed = ledger.renew({ claim, leaseMs: 900_000 })
    await eventually(() => expect(gossips(second)).toBeGreaterThan(before + 1))
    first.concede()
    expect(await renewed).toMatchObject({ _tag: 'Renewed', record: { epoch: 2 } })
  })

  it('is not taken at its word while no node leads: the answer waits for an election', async () => {
    const { nodes, ledger, claim } = await handedOver({ afterwards: ([, second]) => second.resign() })
    const before = gossips(nodes[2])
    const renewed = ledger.renew({ claim, leaseMs: 900_000 })
    await eventually(() => expect(gossips(nodes[2])).toBeGreaterThan(before + 1))
    nodes[2].lead()
    expect(await renewed).toMatchObject({ _tag: 'Renewed', record: { epoch: 2 } })
  })

  it('hides nothing from a list of all keys', async () => {
    const { ledger } = await handedOver()
    expect(await ledger.list()).toMatchObject([{ epoch: 2 }])
  })

  it('leaves a forged claim as unknown as it is', async () => {
    const { ledger, claim } = await handedOver()
    expect(await failureOf(ledger.renew({ claim: { ...claim, epoch: 3 }, leaseMs: 1 }))).toMatchObject({
      _tag: 'UnknownClaim'
    })
  })

  it('is asked once for many forged claims that come at the same time', async () => {
    const { nodes, ledger, claim } = await handedOver()
    const before = gossips(nodes[2])
    const forged = Array.from({ length: 50 }, (_, n) => ({ ...claim, recordId: `idem_${'0'.repeat(62)}${n + 10}` }))
    const answers = await Promise.all(forged.map((one) => failureOf(ledger.release({ claim: one }))))
    expect(new Set(answers.map(({ _tag }) => _tag))).toEqual(new Set(['UnknownClaim']))
    expect(gossips(nodes[2]) - before).toBeLessThan(10)
  })
})

describe("a caller's own client", () => {
  it('finds a claim that its node shows soon, and no other', async () => {
    const { nodes, claim } = await handedOver()
    const client = EventStoreDBClient.connectionString(nodes[1].url)
    onTestFinished(() => client.dispose())
    const store = await openEventStoreDbStore({ client })
    onTestFinished(() => store.dispose())
    expect(store.confirmCurrent).toBeUndefined()
    const ledger = createLedger({ store })
    expect(await ledger.renew({ claim, leaseMs: 900_000 })).toMatchObject({ _tag: 'Renewed' })
    expect(await failureOf(ledger.renew({ claim: { ...claim, epoch: 3 }, leaseMs: 1 }))).toMatchObject({
      _tag: 'UnknownClaim'
    })
  })
})
