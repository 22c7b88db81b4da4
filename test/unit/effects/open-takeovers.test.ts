import { describe, expect, it, vi } from 'vitest'
import type { Ledger } from '../../../src/composition/ledger.ts'
import { type OnceAllOptions, onceAll } from '../../../src/composition/once-all.ts'
import type { Task } from '../../../src/composition/once-faces.ts'
import { leaseMs, onceWorld } from '../../support/once-world.ts'
import { asking, claimOf, done, failureOf, idOf, keyOf } from '../../support/scripted-ledger.ts'
import { connectionLost, lostBefore, notWritten } from '../../support/scripted-store.ts'

/** In the order in which they are reserved. */
const [early = '', late = ''] = ['delivery', 'body'].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
const keys = [early, late].map((key) => ({ ...keyOf(key), requestFingerprint: 'fp' }))

const runAll = <A>(ledger: Ledger, task: Task<A>, over: Partial<OnceAllOptions<A>> = {}) =>
  onceAll(ledger, { keys, owner: 'me', lease: leaseMs, onThrow: 'ambiguous', ...(over as object) })(task)

/** A world where somebody had his effect under some keys, and died. */
const orphaned = async (...names: ReadonlyArray<string>) => {
  const world = onceWorld({ deadlineMs: 500 })
  for (const key of names) await world.rival.reserve(asking({ key, lease: 1000, owner: 'the dead' }))
  world.time.pass(1000)
  const recover = vi.fn(() => ({ outcome: 'found' }))
  return { ...world, recover, task: vi.fn(async () => 'anew') }
}

const refused = async () => Promise.reject(new Error('ECONNREFUSED'))

describe('a takeover whose earlier holder may have acted', () => {
  it('the task fails on a takeover, nothing happened, and nobody has looked', async () => {
    const { run, types, pass, rivalRuns } = await orphaned('k')
    expect(await run(refused, { onThrow: 'transient' })).toMatchObject({
      _tag: 'LeftToLapse',
      error: new Error('ECONNREFUSED'),
      record: { epoch: 2 },
      retryAfterMs: leaseMs
    })
    expect(await types()).toEqual(['Reserved', 'Expired', 'Reserved'])
    await pass(leaseMs)
    // whoever comes next is told so
    expect(await rivalRuns(async ({ takeover, attempt }) => ({ takeover, attempt }))).toMatchObject({
      _tag: 'Ran',
      value: { takeover: true, attempt: 3 }
    })
  })
  it('the task fails on a takeover, nothing happened, and recover had found nothing', async () => {
    const { run } = await orphaned('k')
    const recover = () => 'notFound' as const
    expect(await run(refused, { onThrow: 'transient', recover })).toMatchObject({ _tag: 'Released' })
  })
  it('recover never answers, and the task is told to stop', async () => {
    const { run, task, passing, types } = await orphaned('k')
    const recover = () => new Promise<never>(() => {})
    expect(await passing(run(task, { recover, maxDurationMs: 1000 }))).toMatchObject({ _tag: 'InFlight' })
    expect(task).not.toHaveBeenCalled()
    expect(await types()).toEqual(['Reserved', 'Expired', 'Reserved'])
  })
  it('recover finds what is no JSON', async () => {
    const { run, task } = await orphaned('k')
    const recover = () => ({ outcome: { at: 1n } as never })
    expect(await run(task, { recover })).toMatchObject({
      _tag: 'Replayed',
      recovered: true,
      warning: { _tag: 'InvalidInput' },
      record: { outcome: { outcomeKind: 'unstored' } }
    })
    expect(task).not.toHaveBeenCalled()
  })
})

describe('several keys, one of which is taken over', () => {
  it('another key stands in the way', async () => {
    const { ledger, rival, task, recover, pass } = await orphaned(early, late)
    const theirs = claimOf(await rival.reserve(asking({ key: late, lease: leaseMs, owner: 'another' })))
    expect(await runAll(ledger, task, { recover })).toMatchObject({
      _tag: 'InFlight',
      blocked: { index: 1, unreleased: [idOf(early)] }
    })
    await rival.release({ claim: theirs })
    await pass(leaseMs)
    expect(await runAll(ledger, task, { recover })).toMatchObject({ _tag: 'Replayed', value: 'found' })
    expect(task).not.toHaveBeenCalled()
  })
  it('another key stands in the way, and is given back while it is waited for', async () => {
    const { ledger, rival, task, recover, pass } = await orphaned(early)
    const theirs = claimOf(await rival.reserve(asking({ key: late, lease: leaseMs, owner: 'another' })))
    const waiting = runAll(ledger, task, { recover, inFlight: { wait: 10_000 } })
    await pass(1000)
    await rival.release({ claim: theirs })
    await pass(1000)
    // it went on with the claim that it had
    expect(await waiting).toMatchObject({ _tag: 'Replayed', value: 'found', record: { recordId: idOf(early) } })
    expect(recover).toHaveBeenCalledTimes(1)
    expect(task).not.toHaveBeenCalled()
  })
  it('the reserve of another key is in doubt', async () => {
    const { ledger, store, task, recover, passing, time } = await orphaned(early)
    const until = time.monotonicMs() + 700
    store.onEveryAppend((real) =>
      store.appends.at(-1)?.stream.includes(idOf(late)) && time.monotonicMs() < until ? lostBefore(real) : real()
    )
    expect(await passing(runAll(ledger, task, { recover }))).toMatchObject({ _tag: 'Replayed', value: 'found' })
    expect(task).not.toHaveBeenCalled()
  })
  it('the reserve of another key fails', async () => {
    const { ledger, store, task, recover, pass, passing } = await orphaned(early)
    store.onEveryAppend((real) =>
      store.appends.at(-1)?.stream.includes(idOf(late)) ? notWritten(connectionLost)(real) : real()
    )
    expect(await failureOf(passing(runAll(ledger, task, { recover })))).toMatchObject({
      _tag: 'StoreUnavailable',
      unreleased: [idOf(early)]
    })
    store.onEveryAppend((real) => real())
    await pass(leaseMs)
    expect(await runAll(ledger, task, { recover })).toMatchObject({ _tag: 'Replayed', value: 'found' })
    expect(task).not.toHaveBeenCalled()
  })
  it.each([early, late])('whoever completed one key crashed before the other: %s', async (completed) => {
    const { ledger, rival, task, recover, pass, time } = onceWorldAt()
    const claims = new Map<string, ReturnType<typeof claimOf>>()
    for (const key of [early, late]) claims.set(key, claimOf(await rival.reserve(asking({ key, lease: 1000 }))))
    const claim = claims.get(completed)
    if (claim === undefined) return expect.unreachable()
    await rival.complete({ claim, outcome: { ...done, details: 'paid' } })
    time.pass(1000)
    expect(await runAll(ledger, task)).toMatchObject({ _tag: 'Replayed', value: 'paid' })
    await pass(leaseMs)
    // under another delivery the other key is a takeover still
    const open = completed === early ? late : early
    const again = [keyOf('another delivery'), keyOf(open)].map((key) => ({ ...key, requestFingerprint: 'fp' }))
    expect(await runAll(ledger, task, { keys: again, recover })).toMatchObject({ _tag: 'Replayed', value: 'found' })
    expect(recover).toHaveBeenCalledTimes(1)
    expect(task).not.toHaveBeenCalled()
  })
  it('one of the marks fails', async () => {
    const { ledger, rival, passing } = onceWorld()
    const markInDoubt: Ledger['markInDoubt'] = async (request) => {
      if (request.claim.recordId === keyId) throw new Error('down')
      return ledger.markInDoubt(request)
    }
    const keyId = idOf(early)
    expect(await passing(runAll({ ...ledger, markInDoubt }, refused))).toMatchObject({ _tag: 'Unrecorded' })
    // the other is marked all the same
    expect(await rival.get(keyOf(late))).toMatchObject({ inDoubt: {} })
  })
})

const onceWorldAt = () => ({
  ...onceWorld(),
  recover: vi.fn(() => ({ outcome: 'found' })),
  task: vi.fn(async () => 'anew')
})
