import { describe, expect, it } from 'vitest'
import { exactly } from '../../../src/domain/expected-revision.ts'
import { chained } from '../../support/hash-chain.ts'
import {
  asking,
  claimOf,
  done,
  failureOf,
  keyOf,
  type ScriptedLedger,
  scriptedLedger,
  stored,
  streamOf
} from '../../support/scripted-ledger.ts'
import { connectionLost } from '../../support/scripted-store.ts'

const operator = { actor: 'op', note: 'n' }

describe('get', () => {
  it.each<[string, string]>([
    ['', 'op'],
    [' \u0085', 'op'],
    ['k', ''],
    ['k', '\u3000'],
    ['', '']
  ])('answers none for blank input, and asks nobody: %j, %j', async (key, operation) => {
    const { ledger, store } = scriptedLedger()
    await ledger.reserve(asking())
    store.forget()
    expect(await ledger.get({ ...keyOf(), key, operation })).toBeUndefined()
    expect(store.reads).toEqual([])
  })
  it('answers none for a key never seen, and for one that ended', async () => {
    const { ledger } = scriptedLedger()
    expect(await ledger.get(keyOf())).toBeUndefined()
    const claim = claimOf(await ledger.reserve(asking()))
    await ledger.release({ claim })
    expect(await ledger.get(keyOf())).toBeUndefined()
  })
  it('looks at neither expiry nor status, and writes nothing', async () => {
    const { ledger, store, clock } = scriptedLedger()
    await ledger.reserve(asking({ expiresAtMs: 1500 }))
    clock.now = 1_000_000
    store.forget()
    expect(await ledger.get(keyOf())).toMatchObject({ status: 'reserved', expiresAtMs: 1500, leaseExpiresAtMs: 2000 })
    expect(store.appends).toEqual([])
  })
  it('trims its key, and tells tenants apart by org, workspace and deployment alone', async () => {
    const { ledger } = scriptedLedger()
    await ledger.reserve(asking())
    const found = async (over: object, tenant: object = {}) =>
      (await ledger.get({ ...keyOf(), ...over, tenant: { ...keyOf().tenant, ...tenant } })) !== undefined
    expect(await found({ key: '\u0085k ', operation: ' op\n' })).toBe(true)
    expect(await found({}, { actorId: 'somebody', source: 'explicit', deploymentId: '' })).toBe(true)
    expect(await found({}, { deploymentId: 'prod' })).toBe(false)
    expect(await found({ key: '\ufeffk' })).toBe(false)
  })
  it('never shows the holder’s claim', async () => {
    const { ledger } = scriptedLedger()
    await ledger.reserve(asking({ claimId: 'secret-claim' }))
    expect(JSON.stringify([await ledger.get(keyOf()), await ledger.list()])).not.toContain('secret-claim')
    expect(JSON.stringify(await ledger.reserve(asking()))).not.toContain('secret-claim')
  })
})

describe('history', () => {
  it('is every event of every reservation, oldest first, with its envelope', async () => {
    const { ledger, store } = scriptedLedger()
    const context = { actor: 'a', correlationId: 'c', causationId: 'd' }
    const claim = claimOf(await ledger.reserve(asking(context)))
    await ledger.release({ claim, note: 'not mine' })
    await ledger.reserve(asking({ owner: 'next' }))
    const events = await stored(store)
    const history = await ledger.history(keyOf())
    expect(history.map(({ type, data }) => ({ type, data }))).toEqual(
      events.map(({ type, data }) => ({ type, data: JSON.parse(data) }))
    )
    expect(history[0]).toMatchObject({
      ...context,
      id: events[0]?.id,
      stream: streamOf(),
      revision: 0n,
      position: '1',
      schemaVersion: 2,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/)
    })
    expect(history.map(({ recordedAtMs }) => recordedAtMs)).toEqual(events.map(({ recordedAtMs }) => recordedAtMs))
    expect(history[2]?.previousHash).toBe(history[1]?.hash)
  })
  it('goes over many pages, and leaves snapshots out', async () => {
    const { ledger, store } = scriptedLedger()
    for (let i = 0; i < 1300; i++) await ledger.reserve(asking({ nowMs: i, lease: 'none' }))
    store.forget()
    const history = await ledger.history(keyOf())
    expect(history.map(({ revision }) => Number(revision))).toEqual([...Array(1300).keys()])
    expect(store.reads.map(({ found }) => found)).toEqual([512, 512, 276])
    expect(history.some((entry) => 'snapshot' in entry)).toBe(false)
  })
  it('of a key never seen is empty; blank input is refused', async () => {
    const { ledger } = scriptedLedger()
    expect(await ledger.history(keyOf())).toEqual([])
    expect(await failureOf(ledger.history({ ...keyOf(), key: ' ' }))).toMatchObject({
      _tag: 'InvalidInput',
      message: 'idempotency key cannot be empty'
    })
  })
})

const filled = async (): Promise<ScriptedLedger> => {
  const world = scriptedLedger()
  const { ledger } = world
  const at = (key: string, over: object) => ledger.reserve({ ...asking({ key }), ...over })
  await at('a', { nowMs: 1000, owner: 'one' })
  const claim = claimOf(await at('b', { nowMs: 2000, owner: 'two', operation: 'other' }))
  await ledger.complete({ claim, outcome: done, nowMs: 2100 })
  await at('c', { nowMs: 3000, lease: 'none', tenant: { orgId: 'another', workspaceId: 'ws' } })
  await at('d', { nowMs: 4000, tenant: { orgId: 'org', workspaceId: 'second' } })
  await ledger.reserve(
    asking({ key: 'd', nowMs: 4100, requestFingerprint: 'x', tenant: { orgId: 'org', workspaceId: 'second' } })
  )
  const gone = claimOf(await at('e', { nowMs: 5000 }))
  await ledger.release({ claim: gone })
  return world
}

describe('list', () => {
  it.each<[string, Parameters<ScriptedLedger['ledger']['list']>[0], string]>([
    ['no filter', undefined, 'abcd'],
    ['an empty filter', {}, 'abcd'],
    ['fields that are undefined', { orgId: undefined, status: undefined }, 'abcd'],
    ['the organisation', { orgId: 'org' }, 'abd'],
    ['the workspace', { workspaceId: 'second' }, 'd'],
    ['organisation and workspace', { orgId: 'another', workspaceId: 'second' }, ''],
    ['the operation', { operation: 'other' }, 'b'],
    ['the owner', { owner: 'one' }, 'a'],
    ['the status', { status: 'completed' }, 'b'],
    ['the status of a conflict', { status: 'conflicted' }, 'd'],
    ['when it was seen last', { seenFromMs: 2100 }, 'bcd'],
    ['when it was seen last, a moment later', { seenFromMs: 2101 }, 'cd'],
    ['being stuck', { stuckAtMs: 2000 }, 'a'],
    ['being stuck, a moment earlier', { stuckAtMs: 1999 }, ''],
    ['being stuck, much later: not what is completed or has no lease', { stuckAtMs: 1e12 }, 'ad']
  ])('narrows by %s', async (_, filter, keys) => {
    const { ledger } = await filled()
    expect(
      (await ledger.list(filter))
        .map(({ key }) => key)
        .sort()
        .join('')
    ).toBe(keys)
  })
  it('is in ascending order of record ids', async () => {
    const { ledger } = await filled()
    const ids = (await ledger.list()).map(({ recordId }) => recordId)
    expect(ids).toEqual([...ids].sort())
  })
  it('counts a lease as running for the skew of clocks that is allowed for', async () => {
    const { ledger } = scriptedLedger({ policy: { clockSkewMs: 100 } })
    await ledger.reserve(asking())
    expect(await ledger.list({ stuckAtMs: 2099 })).toEqual([])
    expect(await ledger.list({ stuckAtMs: 2100 })).toHaveLength(1)
  })
  it('goes over many pages of the log, past other streams, and folds each key over them', async () => {
    const { ledger, store } = scriptedLedger()
    await store.real.append({
      stream: 'orders-1',
      expected: { _tag: 'NoStream' },
      events: [{ id: crypto.randomUUID(), type: 'OrderPlaced', data: '{}', metadata: '{}' }]
    })()
    for (let i = 0; i < 2500; i++) await ledger.reserve(asking({ key: `k${i % 7}`, nowMs: i, lease: 'none' }))
    const records = await ledger.list()
    expect(records).toHaveLength(7)
    expect(records.reduce((sum, { duplicateCount }) => sum + duplicateCount, 0)).toBe(2493)
    expect(Math.max(...records.map(({ lastSeenAtMs }) => lastSeenAtMs))).toBe(2499)
    expect(await Promise.all(records.map(({ key }) => ledger.get(keyOf(key))))).toEqual(records)
  })
  it('fails by its tag where an event is corrupt, and where the log cannot be read', async () => {
    const { ledger, store } = scriptedLedger()
    await ledger.reserve(asking())
    const [last] = await stored(store)
    const [event] = chained(
      streamOf(),
      [{ type: 'DuplicateSeen', data: { atMs: 1, firstAtMs: 1, count: 1, owners: [] } }],
      last
    )
    if (event === undefined) return expect.unreachable()
    const events = [{ ...event, data: event.data.replace('1', '2') }]
    await store.real.append({ stream: streamOf(), expected: exactly(0n), events })()
    const failed = await failureOf(ledger.list())
    expect(failed._tag).toBe('CorruptStream')
    expect(failed.message).toContain(`${streamOf()} at revision 1`)
    const lost = scriptedLedger()
    const broken = { ...lost.store, readAll: () => async () => ({ _tag: 'Left', left: connectionLost }) as const }
    expect(await failureOf(scriptedLedger({ store: broken }).ledger.list())).toEqual(connectionLost)
  })
  it('holds nobody whose reservation ended', async () => {
    const { ledger } = await filled()
    for (const { key, tenant, operation } of await ledger.list()) {
      await ledger.expireByOperator({ key, tenant, operation, ...operator })
    }
    expect(await ledger.list()).toEqual([])
  })
})
