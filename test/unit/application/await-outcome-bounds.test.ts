import { describe, expect, it } from 'vitest'
import { lookAt } from '../../../src/application/use-cases/await-outcome/waited.ts'
import { defaultPolicy, type Policy } from '../../../src/domain/commands.ts'
import { fold } from '../../../src/domain/evolve.ts'
import type { Instant, Millis } from '../../../src/domain/instant.ts'
import { asking, claimOf, failureOf, keyOf, scriptedLedger, stored } from '../../support/scripted-ledger.ts'

/** The state of a key that was reserved at 1,000. */
const stateOf = async (over: Parameters<typeof asking>[0]) => {
  const { ledger, store } = scriptedLedger()
  claimOf(await ledger.reserve(asking(over)))
  return fold((await stored(store)).map(({ id, type, data }) => ({ id, type, data: JSON.parse(data) }) as never))
}

const skewed: Policy = { ...defaultPolicy, clockSkewMs: 100 as Millis }
const refusing: Policy = { ...defaultPolicy, takeover: 'refuse' }

describe('a look at somebody at work', () => {
  it.each([
    ['a lease', { lease: 500 }, defaultPolicy, 1499, 1500],
    ['a lease, and a skew', { lease: 500 }, skewed, 1599, 1600],
    ['a retention and no lease', { lease: 'none' as const, expiresAtMs: 3000 }, defaultPolicy, 2999, 3000],
    ['a retention that ends within the lease', { lease: 500, expiresAtMs: 1200 }, defaultPolicy, 1499, 1500],
    ['a retention, and a lease that nobody may take over', { lease: 500, expiresAtMs: 3000 }, refusing, 2999, 3000]
  ])('with %s knows when another may have the key', async (_, over, policy, last, first) => {
    const state = await stateOf(over)
    expect(lookAt(state, last as Instant, policy)).toMatchObject({ _tag: 'AtWork', lapsesAtMs: first })
    expect(lookAt(state, first as Instant, policy)).toMatchObject({ _tag: 'Over', answer: { _tag: 'Lapsed' } })
  })
  it.each([
    ['neither lease nor retention', { lease: 'none' as const }, defaultPolicy],
    ['a lease that nobody may take over', { lease: 500 }, refusing]
  ])('with %s knows of no such time', async (_, over, policy) => {
    expect(lookAt(await stateOf(over), 9e15 as Instant, policy)).not.toHaveProperty('lapsesAtMs')
  })
})

describe('those who wait', () => {
  it('are ten thousand in a process at most', async () => {
    const { ledger, rival } = scriptedLedger()
    await rival.reserve(asking({ lease: 60_000 }))
    const gaveUp = new AbortController()
    const waiting = Array.from({ length: 10_000 }, () =>
      ledger.awaitOutcome({ ...keyOf(), waitMs: 60_000, signal: gaveUp.signal }).catch(() => 'gave up')
    )
    expect(await failureOf(ledger.awaitOutcome(keyOf()))).toMatchObject({ _tag: 'Overloaded' })
    gaveUp.abort()
    await Promise.all(waiting)
    expect(await ledger.awaitOutcome({ ...keyOf(), waitMs: 0 })).toMatchObject({ _tag: 'InFlight' })
  })
})
