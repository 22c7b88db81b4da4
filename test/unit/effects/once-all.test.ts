import { describe, expect, it, vi } from 'vitest'
import type { Ledger } from '../../../src/composition/ledger.ts'
import { type OnceAllOptions, onceAll } from '../../../src/composition/once-all.ts'
import type { Task } from '../../../src/composition/once-faces.ts'
import { gate } from '../../support/gate.ts'
import { leaseMs, onceWorld } from '../../support/once-world.ts'
import { asking, claimOf, done, failureOf, idOf, keyOf } from '../../support/scripted-ledger.ts'
import { connectionLost, notWritten } from '../../support/scripted-store.ts'

const delivery = { ...keyOf('delivery 1'), requestFingerprint: 'fp' }
const body = { ...keyOf('body digest'), requestFingerprint: 'fp' }
const keys = ['delivery 1', 'body digest'] as const
const boom = (): never => {
  throw new Error('boom')
}

const runAll = <A>(ledger: Ledger, task: Task<A>, over: Partial<OnceAllOptions<A>> = {}) =>
  onceAll(ledger, {
    keys: [delivery, body],
    owner: 'me',
    lease: leaseMs,
    onThrow: 'ambiguous',
    ...(over as object)
  })(task)

describe('onceAll', () => {
  it('runs once for all keys, and completes each', async () => {
    const { ledger, rival } = onceWorld()
    const task = vi.fn(async () => 'handled')
    expect(await runAll(ledger, task)).toMatchObject({ _tag: 'Ran', value: 'handled' })
    for (const key of keys) expect(await rival.get(keyOf(key))).toMatchObject({ outcome: { details: 'handled' } })
    expect(await runAll(rival, task)).toMatchObject({ _tag: 'Replayed', value: 'handled' })
    expect(task).toHaveBeenCalledTimes(1)
  })
  it('replays what came under another delivery of the same body, and names the key', async () => {
    const { ledger, rival } = onceWorld()
    const task = vi.fn(async () => 'handled')
    await runAll(ledger, task)
    const again = { ...keyOf('delivery 2'), requestFingerprint: 'fp' }
    expect(await runAll(ledger, task, { keys: [again, body] })).toMatchObject({
      _tag: 'Replayed',
      value: 'handled',
      blocked: { index: 1, recordId: idOf('body digest'), unreleased: [] }
    })
    expect(task).toHaveBeenCalledTimes(1)
    // the other key was given back
    expect(await rival.get(keyOf('delivery 2'))).toBeUndefined()
  })
  it.each([
    ['InFlight', {}],
    ['Conflict', { requestFingerprint: 'other' }]
  ])('names the key that stood in the way: %s', async (tag, over) => {
    const { ledger, rival } = onceWorld()
    await rival.reserve(asking({ key: 'body digest', lease: leaseMs, ...over }))
    expect(await runAll(ledger, async () => 1)).toMatchObject({ _tag: tag, blocked: { index: 1 } })
  })
  it('waits for the key that stood in the way', async () => {
    const { ledger, rival, pass } = onceWorld()
    const claim = claimOf(await rival.reserve(asking({ key: 'body digest', lease: leaseMs })))
    const waiting = runAll(ledger, async () => 'mine', { inFlight: { wait: 10_000 } })
    await pass(1000)
    await rival.complete({ claim, outcome: { ...done, details: 'theirs' } })
    expect(await waiting).toMatchObject({ _tag: 'Replayed', value: 'theirs', blocked: { index: 1 } })
  })
  it('renews all leases, and stops where one claim is lost', async () => {
    const { ledger, rival, pass, types } = onceWorld()
    const shut = gate()
    let why: unknown
    const running = runAll(ledger, async ({ signal }) => {
      await shut.pass()
      why = signal.reason
      return 'late'
    })
    await pass(2 * leaseMs)
    for (const key of keys) expect(await types(key)).toContain('LeaseRenewed')
    await rival.expireByOperator({ ...keyOf('body digest'), actor: 'eve', note: 'stuck' })
    await pass(leaseMs / 2)
    shut.open()
    expect(await running).toMatchObject({ _tag: 'ClaimLost', value: 'late' })
    expect(why).toMatchObject({ why: 'ClaimLost' })
  })
  it.each([
    ['transient', 'Released', ['Reserved', 'Expired']],
    ['ambiguous', 'InDoubt', ['Reserved', 'MarkedInDoubt']],
    ['definitive', 'Failed', ['Reserved', 'Completed']]
  ] as const)('does to every key what a failure means: %s', async (onThrow, tag, events) => {
    const { ledger, types } = onceWorld()
    expect(await runAll(ledger, async () => Promise.reject(new Error('x')), { onThrow })).toMatchObject({ _tag: tag })
    for (const key of keys) expect(await types(key)).toEqual(events)
  })
  it('keeps steps under the first key, and goes on from them', async () => {
    const { ledger, rival, pass, clock, types } = onceWorld()
    const effect = vi.fn(() => 'held')
    void runAll(ledger, async ({ step }) => {
      await step('hold', effect)
      return new Promise<never>(() => {})
    })
    await pass(1000)
    clock.offset += leaseMs
    const recover = vi.fn(() => 'notFound' as const)
    expect(await runAll(rival, ({ step }) => step('hold', effect), { recover })).toMatchObject({ value: 'held' })
    expect(effect).toHaveBeenCalledTimes(1)
    expect(recover).toHaveBeenCalledTimes(1)
    expect(await types('delivery 1')).toContain('RecoveryPointReached')
    expect(await types('body digest')).not.toContain('RecoveryPointReached')
  })
  it('tries a completion again that stopped half-way', async () => {
    const { ledger, rival, store, passing } = onceWorld()
    const task = async () => {
      store.onAppend((real) => real(), ...Array.from({ length: 8 }, () => notWritten(connectionLost)))
      return 'handled'
    }
    const answer = await passing(runAll(ledger, task))
    expect(['Unrecorded', 'Ran']).toContain(answer._tag)
    if (answer._tag === 'Unrecorded') expect(await passing(answer.retryComplete())).toMatchObject({ _tag: 'Ran' })
    for (const key of keys) expect(await rival.get(keyOf(key))).toMatchObject({ outcome: { details: 'handled' } })
  })
  it.each([[[]], [undefined], [[delivery, delivery]]])('refuses keys that make no sense: %o', async (bad) => {
    const { ledger, store } = onceWorld()
    expect(await failureOf(runAll(ledger, async () => 1, { keys: bad as never }))).toMatchObject({
      _tag: 'InvalidInput'
    })
    expect(store.appends).toEqual([])
  })
  it.each<[string, object, string, string]>([
    [
      'is misspelt',
      { claim_id: 'mine' },
      '$.keys[1].claim_id',
      '$.keys[1].claim_id is not known; did you mean claimId?'
    ],
    [
      'is misspelt, of the tenant',
      { tenant: { orgId: 'o', workspaceId: 'w', deployment_id: 'd' } },
      '$.keys[1].tenant.deployment_id',
      '$.keys[1].tenant.deployment_id is not known; did you mean deploymentId?'
    ],
    [
      'is no fingerprint',
      { requestFingerprint: 7 },
      '$.keys[1].requestFingerprint',
      '$.keys[1].requestFingerprint must be a fingerprint, bytes, or a list of texts and bytes, got 7'
    ],
    ['throws', { requestFingerprint: boom }, '$.keys[1].requestFingerprint', '$.keys[1].requestFingerprint threw'],
    ['is blank', { key: ' ' }, '$.keys[1].key', '$.keys[1]: idempotency key cannot be empty'],
    [
      'is too long',
      { operation: 'x'.repeat(5000) },
      '$.keys[1].operation',
      '$.keys[1].operation has 5000 bytes, over the limit of 4096 bytes'
    ],
    ['names a key twice', { key: 'delivery 1' }, '$.keys[1].key', '$.keys[1]: the same key is named twice'],
    [
      'is null',
      { claimId: null },
      '$.keys[1].claimId',
      '$.keys[1].claimId must be a string that is not empty, got null'
    ]
  ])('says where it stands what a key has, and %s', async (_, over, path, message) => {
    const { ledger, store } = onceWorld()
    const task = vi.fn()
    const given = [delivery, { ...body, ...over }] as never
    expect(await failureOf(runAll(ledger, task, { keys: given }))).toMatchObject({ path, message })
    expect([task.mock.calls, store.appends]).toEqual([[], []])
  })
  it.each<[string, unknown, string]>([
    ['null', null, ' must be an object with tenant, operation, key and requestFingerprint, got null'],
    [
      'a text',
      'k',
      ' must be an object with tenant, operation, key and requestFingerprint, got a string of 1 character'
    ],
    ['what throws', Object.defineProperty({}, 'tenant', { get: boom, enumerable: true }), ' cannot be read']
  ])('says where a key stands that is none: %s', async (_, bad, message) => {
    const { ledger, store } = onceWorld()
    const failed = await failureOf(runAll(ledger, async () => 1, { keys: [delivery, bad] as never }))
    expect(failed).toMatchObject({ _tag: 'InvalidInput', path: '$.keys[1]', message: `$.keys[1]${message}` })
    expect(store.appends).toEqual([])
  })
  it.each<[object, string, string]>([
    [{ owner: ' ' }, '$.owner', 'idempotency owner cannot be empty'],
    [{ actor: 7 }, '$.actor', '$.actor must be a string, got 7'],
    [{ expiresAtMs: 1, retentionMs: 1 }, '$.retentionMs', 'give either $.expiresAtMs or $.retentionMs, not both']
  ])('says where it stands what is said once for all keys: %o', async (over, path, message) => {
    const { ledger } = onceWorld()
    expect(await failureOf(runAll(ledger, async () => 1, over))).toMatchObject({ path, message })
  })
  it('warns of a result over the limit, and not that the keys are held', async () => {
    const { ledger } = onceWorld({ limits: { outcomeBytes: 200 } })
    expect(await runAll(ledger, async () => 'x'.repeat(201))).toMatchObject({
      warning: { message: '$.outcome has 241 bytes as JSON, over the limit of 200 bytes', limit: 200, size: 241 },
      record: { outcome: { outcomeKind: 'unstored' } }
    })
  })
})
