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
})
