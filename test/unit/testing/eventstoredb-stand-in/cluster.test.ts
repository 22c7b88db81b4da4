import { describe, expect, it } from 'vitest'
import type { StandIn } from '../../../../src/testing/eventstoredb.ts'
import { clientOf, errorOf, letter, lettersIn, standIn, unary } from './world.ts'

const setUp = async (): Promise<readonly [StandIn, StandIn, StandIn]> => {
  const first = await standIn()
  return [first, await standIn({ joins: first }), await standIn({ joins: first })]
}

const asked = (node: StandIn): ReadonlyArray<string> => node.calls.map(({ rpc }) => rpc)

describe('a cluster', () => {
  it('shares one log; the first node leads until another one is made to', async () => {
    const [a, b, c] = await setUp()
    expect([a, b, c].map(({ role }) => role())).toEqual(['leader', 'follower', 'follower'])
    await unary(clientOf(a.url))('s', [letter('x')], 'any')
    expect(await lettersIn(clientOf(c.url), 's')).toEqual(['x'])
    b.lead()
    expect([a, b, c].map(({ role }) => role())).toEqual(['follower', 'leader', 'follower'])
    b.resign()
    expect([a, b, c].map(({ role }) => role())).toEqual(['leaderless', 'leaderless', 'leaderless'])
    expect(b.records()).toBe(a.records())
  })

  it('tells by gossip who leads, and clients go there', async () => {
    const [a, b, c] = await setUp()
    b.lead()
    await unary(clientOf(a.clusterUrl()))('s', [letter('x')], 'any')
    expect([a, b, c].flatMap(asked).filter((rpc) => rpc !== 'gossip')).toEqual(['append'])
    expect(asked(b)).toContain('append')
  })

  it('tells that a node is down, and that nobody leads: then no node is fit', async () => {
    const [a, b, c] = await setUp()
    await a.stop()
    expect(a.role()).toBe('down')
    const url = `${b.clusterUrl()}&maxDiscoverAttempts=1`
    const failure = await errorOf(unary(clientOf(url))('s', [letter('x')], 'any'))
    expect(failure['message']).toBe('Failed to discover after 1 attempts.')
    c.lead()
    await unary(clientOf(url))('s', [letter('x')], 'any')
    expect(asked(c)).toContain('append')
    await a.restart()
    expect(a.role()).toBe('follower')
  })

  it('a follower refuses calls that need the leader, and names it; it serves the others', async () => {
    const [leader, follower] = await setUp()
    const client = clientOf(follower.url)
    const append = unary(client)
    expect(await append('s', [letter('x')], 'any')).toMatchObject({ success: true })
    const error = await errorOf(append('s', [letter('y')], 'any', { requiresLeader: true }))
    expect(error).toMatchObject({ type: 'not-leader', leader: { address: '127.0.0.1', port: leader.port } })
    // the client goes to that one now
    expect(await append('s', [letter('y')], 'any', { requiresLeader: true })).toMatchObject({ success: true })
    expect([follower, leader].map((node) => asked(node).length)).toEqual([2, 1])
  })

  it('without a leader nothing is written, and reads are served that need none', async () => {
    const [leader, follower] = await setUp()
    await unary(clientOf(leader.url))('s', [letter('x')], 'any')
    leader.resign()
    const client = clientOf(follower.url)
    const append = unary(client)
    expect(await errorOf(append('s', [letter('y')], 'any', { requiresLeader: true }))).toMatchObject({
      type: 'unknown'
    })
    expect(await errorOf(append('s', [letter('y')], 'any'))).toMatchObject({ type: 'unavailable' })
    expect(await lettersIn(client, 's')).toEqual(['x'])
    expect(leader.records()).toHaveLength(1)
  })

  it('a new leader knows none of the ids that the last one wrote', async () => {
    const [a, b] = await setUp()
    const once = letter('x')
    await unary(clientOf(a.url))('s', [once], 'any')
    expect(await unary(clientOf(a.url))('s', [once], 'any')).toMatchObject({ nextExpectedRevision: 0n })
    b.lead()
    expect(await unary(clientOf(b.url))('s', [once], 'any')).toMatchObject({ nextExpectedRevision: 1n })
    // under an exact revision the log itself tells
    expect(await unary(clientOf(b.url))('s', [once], 'no_stream')).toMatchObject({ nextExpectedRevision: 0n })
  })
})
