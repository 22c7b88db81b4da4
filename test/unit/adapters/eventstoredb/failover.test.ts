import * as E from 'fp-ts/Either'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Append, EventStore } from '../../../../src/application/ports/event-store.ts'
import { createLedger } from '../../../../src/index.ts'
import type { StandIn } from '../../../../src/testing/eventstoredb.ts'
import { gossipPb } from '../../../../src/testing/eventstoredb-stand-in/generated.ts'
import { appendOf } from '../../../support/append-of.ts'
import { forbidUnhandledRejections, standIn, storeOn } from '../../../support/eventstoredb.ts'
import { eventually } from '../../../support/eventually.ts'
import { hostileServer } from '../../../support/hostile-server.ts'

forbidUnhandledRejections()

/** So long that a call which waits for its deadline is never over: only the other nodes can end it. */
const deadlineMs = 2 ** 40

const threeNodes = async (): Promise<readonly [StandIn, StandIn, StandIn]> => {
  const leader = await standIn()
  return [leader, await standIn({ joins: leader }), await standIn({ joins: leader })]
}

/** What a node does that does not answer any more, though its connections stand. */
const strikes: { readonly [name: string]: (node: StandIn) => void } = {
  frozen: (node) => {
    node.mute()
    node.freezeConnections()
  },
  mute: (node) => node.mute(),
  'half-open': (node) => node.freezeConnections()
}

/** The same append again resolves an unknown outcome, as the ledger does it. */
const settled = async (store: EventStore, append: Append): Promise<E.Either<unknown, unknown>> => {
  for (;;) {
    const result = await store.append(append)()
    if (E.isRight(result) || result.left._tag !== 'OutcomeUnknown') return result
  }
}

const written = E.right({ revision: 0n })

describe.each(Object.entries(strikes))('a leader that is %s while another is elected', (_, strike) => {
  it('keeps no append and no read until its deadline', async () => {
    const [leader, second] = await threeNodes()
    const store = await storeOn(leader.clusterUrl(), { deadlineMs })
    expect(await store.append(appendOf(1))()).toEqual(written)
    strike(leader)
    const struck = [settled(store, appendOf(1)), store.readStream('test-x', 'backwards', 'end', 1)()]
    await eventually(() => expect(second.calls.some(({ rpc }) => rpc === 'gossip')).toBe(true))
    second.lead()
    expect(await Promise.all(struck)).toEqual([written, E.right([])])
    expect(await store.append(appendOf(1))()).toEqual(written)
  })

  it('keeps no caller of a ledger, and no subscription', async () => {
    const [leader, second] = await threeNodes()
    const subscriptions = { firstMs: 1, maxMs: 20, quietMs: 60, livenessMs: 200, outageMs: deadlineMs }
    const store = await storeOn(leader.clusterUrl(), { deadlineMs, subscriptions })
    const ledger = createLedger({ store, deadlineMs: 25_000 })
    onTestFinished(() => ledger.dispose())
    const reserve = (key: string) =>
      ledger.reserve({
        tenant: { orgId: 'o', workspaceId: 'w' },
        operation: 'op',
        key,
        owner: 'me',
        requestFingerprint: 'f',
        lease: 600_000
      })
    let heard = 0
    const stop = new AbortController()
    onTestFinished(() => stop.abort())
    const following = (async () => {
      for await (const message of store.subscribe({
        after: 'start',
        streamPrefix: 'idempotency-',
        signal: stop.signal
      })) {
        if (E.isRight(message) && message.right._tag === 'Event') heard++
      }
    })()
    await reserve('a')
    await eventually(() => expect(heard).toBe(1))
    strike(leader)
    second.lead()
    const answers = await Promise.all(['b', 'c', 'd'].map(reserve))
    expect(answers.map(({ _tag }) => _tag)).toEqual(['Reserved', 'Reserved', 'Reserved'])
    await eventually(() => expect(heard).toBe(4))
    stop.abort()
    await following
  })
})

describe('a leader that is only slow', () => {
  it('is waited for, as long as the others take it for the leader', async () => {
    const [leader, second, third] = await threeNodes()
    const store = await storeOn(leader.clusterUrl(), { deadlineMs })
    expect(await store.append(appendOf(1))()).toEqual(written)
    const asked = (): number =>
      [second, third].flatMap(({ calls }) => calls).filter(({ rpc }) => rpc === 'gossip').length
    const before = asked()
    let isOver = false
    leader.faults.next({ rpc: 'append', do: { delayMs: 2500 } })
    const slow = store
      .append(appendOf(1))()
      .finally(() => {
        isOver = true
      })
    await eventually(() => expect(asked()).toBeGreaterThan(before + 3))
    expect(isOver).toBe(false)
    expect(await slow).toEqual(written)
    expect(leader.connections()).toBe(1)
  })

  it('is waited for too where no two nodes agree on another', async () => {
    const [leader] = await threeNodes()
    const leadBy = (port: number) =>
      new gossipPb.ClusterInfo().setMembersList([
        new gossipPb.MemberInfo()
          .setState(gossipPb.MemberInfo.VNodeState.LEADER)
          .setIsAlive(true)
          .setHttpEndPoint(new gossipPb.EndPoint().setAddress('127.0.0.1').setPort(port))
      ])
    const lies: Array<number> = []
    let areLying = false
    // later on each names another leader, that nobody else does
    const liar = (port: number) =>
      hostileServer({
        gossip: () => {
          if (areLying) lies.push(port)
          return leadBy(areLying ? port : leader.port)
        }
      })
    const [a, b] = [await liar(1), await liar(2)]
    const store = await storeOn(`esdb://127.0.0.1:${leader.port},${a},${b}?tls=false`, { deadlineMs })
    expect(await store.append(appendOf(1))()).toEqual(written)
    areLying = true
    leader.faults.next({ rpc: 'append', do: { delayMs: 1500 } })
    expect(await store.append(appendOf(1))()).toEqual(written)
    expect(new Set(lies)).toEqual(new Set([1, 2]))
  })
})

it('a leader that was deposed sends its callers on, and a frozen one that comes back too', async () => {
  const [leader, second] = await threeNodes()
  const store = await storeOn(leader.clusterUrl(), { deadlineMs })
  expect(await store.append(appendOf(1))()).toEqual(written)
  second.lead()
  expect(await store.append(appendOf(1))()).toEqual(written)
  strikes['frozen']?.(second)
  leader.lead()
  expect(await settled(store, appendOf(1))).toEqual(written)
  second.unmute()
  second.lead()
  expect(await settled(store, appendOf(1))).toEqual(written)
})
