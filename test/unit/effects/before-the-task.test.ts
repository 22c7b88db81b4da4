import * as t from 'io-ts'
import { describe, expect, it, vi } from 'vitest'
import { ResultUnreadable } from '../../../src/application/effects/result-unreadable.ts'
import { eventually } from '../../support/eventually.ts'
import { gate } from '../../support/gate.ts'
import { leaseMs, onceWorld } from '../../support/once-world.ts'
import { asking, claimOf, done, failureOf, keyOf } from '../../support/scripted-ledger.ts'
import { lostAfter, lostBefore, notWritten, unreadable } from '../../support/scripted-store.ts'

const paid = { chargeId: 'ch_1', amount: 10 }
const pay = () => vi.fn(async () => paid)

const held = async (lease = leaseMs) => {
  const world = onceWorld()
  const claim = claimOf(await world.rival.reserve(asking({ lease })))
  return { ...world, claim, task: pay() }
}

describe('once, before the task', () => {
  it('the key is free', async () => {
    const { run, types } = onceWorld()
    const task = pay()
    expect(await run(task)).toMatchObject({ _tag: 'Ran', value: paid, record: { outcome: { details: paid } } })
    expect(task).toHaveBeenCalledTimes(1)
    expect(await types()).toEqual(['Reserved', 'Completed'])
  })
  it('the same request was completed before', async () => {
    const { run, rivalRuns } = onceWorld()
    const task = pay()
    await run(task)
    expect(await rivalRuns(task)).toMatchObject({ _tag: 'Replayed', value: paid })
    expect(task).toHaveBeenCalledTimes(1)
  })
  it('the same request failed for good before', async () => {
    const { run, rivalRuns } = onceWorld()
    const task = vi.fn(async () => Promise.reject(new RangeError('card declined')))
    await run(task, { onThrow: 'definitive' })
    expect(await rivalRuns(task, { onThrow: 'definitive' })).toMatchObject({
      _tag: 'ReplayedFailure',
      failure: { name: 'RangeError', message: 'card declined' }
    })
    expect(task).toHaveBeenCalledTimes(1)
  })
  it('another is at work, and duplicates are rejected', async () => {
    const { run, task, time } = await held()
    time.pass(10_000)
    expect(await run(task)).toMatchObject({ _tag: 'InFlight', retryAfterMs: 20_000, record: { epoch: 1 } })
    expect(task).not.toHaveBeenCalled()
  })
  it('another is at work, and completes while it is waited for', async () => {
    const { run, rival, claim, task, pass, types } = await held()
    const waiting = run(task, { inFlight: { wait: 5000 } })
    await pass(1000)
    await rival.complete({ claim, outcome: { ...done, details: paid } })
    expect(await waiting).toMatchObject({ _tag: 'Replayed', value: paid })
    expect(task).not.toHaveBeenCalled()
    // waiting wrote nothing
    expect(await types()).toEqual(['Reserved', 'DuplicateSeen', 'Completed'])
  })
  it('another is at work, and gives the key back while it is waited for', async () => {
    const { run, rival, claim, task, pass } = await held()
    const waiting = run(task, { inFlight: { wait: 5000 } })
    await pass(1000)
    await rival.release({ claim })
    expect(await waiting).toMatchObject({ _tag: 'Ran', value: paid, record: { epoch: 2 } })
  })
  it('another is at work, and its lease ends while it is waited for', async () => {
    const { run, task, passing } = await held(2000)
    const waiting = run(task, { inFlight: { wait: 60_000 } })
    expect(await passing(waiting)).toMatchObject({ _tag: 'Ran', record: { epoch: 2 } })
    expect(task).toHaveBeenCalledWith(expect.objectContaining({ takeover: true, attempt: 2 }))
  })
  it('another is at work, and is in doubt while it is waited for', async () => {
    const { run, rival, claim, task, pass } = await held()
    const waiting = run(task, { inFlight: { wait: 5000 } })
    await pass(1000)
    await rival.markInDoubt({ claim })
    expect(await waiting).toMatchObject({ _tag: 'InDoubt' })
    expect(task).not.toHaveBeenCalled()
  })
  it('another is at work until the wait is over', async () => {
    const { run, task, passing, time } = await held()
    const waiting = run(task, { inFlight: { wait: 5000 } })
    expect(await passing(waiting)).toMatchObject({ _tag: 'InFlight', retryAfterMs: 25_000 })
    await eventually(() => expect(time.sleeping()).toBe(0))
  })
  it('the key becomes another request’s while it is waited for', async () => {
    const { run, rival, claim, task, pass } = await held()
    const waiting = run(task, { inFlight: { wait: 5000 } })
    await pass(1000)
    const released = rival.release({ claim })
    const other = rival.reserve(asking({ requestFingerprint: 'other', lease: leaseMs }))
    await released
    const theirs = claimOf(await other)
    await rival.complete({ claim: theirs, outcome: done })
    expect(['Conflict', 'Ran']).toContain((await waiting)._tag)
  })
  it('the caller gives up while it waits', async () => {
    const { run, task, pass } = await held()
    const gaveUp = new AbortController()
    const waiting = run(task, { inFlight: { wait: 60_000 }, signal: gaveUp.signal })
    await pass(1000)
    gaveUp.abort()
    expect(await waiting).toMatchObject({ _tag: 'InFlight' })
    expect(task).not.toHaveBeenCalled()
  })
  it('another’s lease is over, and policy forbids a takeover', async () => {
    const { run, rival, pass, passing } = onceWorld({ policy: { takeover: 'refuse' } })
    await rival.reserve(asking({ lease: leaseMs }))
    expect(await run(async () => 1)).toMatchObject({ _tag: 'InFlight', retryAfterMs: leaseMs })
    await pass(leaseMs)
    const answers = [await run(async () => 1), await passing(rival.awaitOutcome({ ...keyOf(), waitMs: 1 }))]
    for (const answer of answers) {
      expect(answer).toMatchObject({ _tag: 'InFlight' })
      // there is no time to wait for
      expect(answer).not.toHaveProperty('retryAfterMs')
    }
  })
  it('the key was used for another request', async () => {
    const { run, task } = await held()
    expect(await run(task, { requestFingerprint: 'other' })).toMatchObject({ _tag: 'Conflict' })
    expect(task).not.toHaveBeenCalled()
  })
  it('the key is in doubt', async () => {
    const { run, rival, claim, task } = await held()
    await rival.markInDoubt({ claim })
    expect(await run(task)).toMatchObject({ _tag: 'InDoubt' })
    expect(task).not.toHaveBeenCalled()
  })
  it('the retention is over, and reuse is refused', async () => {
    const { run, time } = onceWorld({ policy: { reuseAfterExpiry: 'reject' } })
    const task = pay()
    await run(task, { retentionMs: 1000 })
    time.pass(1000)
    expect(await run(task, { retentionMs: 1000 })).toMatchObject({ _tag: 'Gone', previous: { epoch: 1 } })
    expect(task).toHaveBeenCalledTimes(1)
  })
  it('the store fails before the task', async () => {
    const { run, store } = onceWorld()
    const task = pay()
    store.onAppend(notWritten({ _tag: 'StoreFull', message: 'no room' }))
    expect(await failureOf(run(task))).toMatchObject({ _tag: 'StoreFull' })
    expect(task).not.toHaveBeenCalled()
  })
  it('the reserve is in doubt, and turns out to stand', async () => {
    const { run, store, types, passing, time } = onceWorld({ deadlineMs: 500 })
    const task = pay()
    store.onAppend(lostAfter)
    store.onEveryAppend((real) => (time.monotonicMs() < 600 ? lostBefore(real) : real()))
    store.onEveryRead((real) => (time.monotonicMs() < 600 ? unreadable(real) : real()))
    const running = passing(run(task))
    expect(await running).toMatchObject({ _tag: 'Ran', record: { epoch: 1 } })
    expect(task).toHaveBeenCalledTimes(1)
    expect((await types()).filter((type) => type === 'Reserved')).toHaveLength(1)
  })
  it('the reserve stays in doubt', async () => {
    const { run, store, passing } = onceWorld({ deadlineMs: 500 })
    const task = pay()
    store.onEveryAppend(lostBefore)
    store.onEveryRead(unreadable)
    const failed = await failureOf(passing(run(task)))
    expect(failed).toMatchObject({ _tag: 'AppendUnknown' })
    expect(task).not.toHaveBeenCalled()
    // asked again a few times, and always for the same claim
    const claims = new Set(
      store.appends.map(({ events }) => JSON.parse(events[0]?.data ?? '{}').claimHash).filter(Boolean)
    )
    expect(claims.size).toBe(1)
  })
  it('the fingerprint function throws', async () => {
    const { run, store } = onceWorld()
    const task = pay()
    const cause = new Error('no body')
    const throws = () => {
      throw cause
    }
    expect(await failureOf(run(task, { requestFingerprint: throws }))).toMatchObject({
      _tag: 'InvalidInput',
      path: '$.requestFingerprint',
      cause
    })
    expect([task.mock.calls, store.appends, store.reads]).toEqual([[], [], []])
  })
  it.each([
    [{ lease: 0 }, '$.lease'],
    [{ lease: 'none' as never }, '$.lease'],
    [{ lease: -1 }, '$.lease'],
    [{ onThrow: undefined as never }, '$.onThrow'],
    [{ onThrow: 'sometimes' as never }, '$.onThrow'],
    [{ inFlight: 'wait' as never }, '$.inFlight'],
    [{ inFlight: { wait: -1 } }, '$.inFlight.wait'],
    [{ result: {} as never }, '$.result'],
    [{ recover: 1 as never }, '$.recover'],
    [{ maxDurationMs: 0.5 }, '$.maxDurationMs'],
    [{ signal: {} as never }, '$.signal'],
    [{ requestFingerprint: 7 as never }, '$.requestFingerprint'],
    [{ requestFingerprint: ['a', '\ud800'] }, '$.requestFingerprint[1]'],
    [{ requestFingerprint: ' ' }, '$.requestFingerprint'],
    [{ key: ' ' }, '$.key'],
    [{ claimId: null as never }, '$.claimId'],
    [{ tenant: undefined as never }, '$.tenant']
  ])('options that make no sense: %o', async (bad, path) => {
    const { run, store } = onceWorld()
    const task = pay()
    expect(await failureOf(run(task, bad))).toMatchObject({ _tag: 'InvalidInput', path })
    expect([task.mock.calls, store.appends]).toEqual([[], []])
  })
  it('a lease that is no longer than the clock skew', async () => {
    const { run } = onceWorld({ policy: { clockSkewMs: leaseMs } })
    expect(await failureOf(run(pay()))).toMatchObject({ _tag: 'InvalidInput', path: '$.lease' })
  })
  it('a task that is no function', async () => {
    const { run } = onceWorld()
    expect(await failureOf(run(undefined as never))).toMatchObject({ _tag: 'InvalidInput', path: '$.task' })
  })
  it('the stored result no longer decodes', async () => {
    const { run, passing } = onceWorld()
    const task = pay()
    await run(task)
    const result = t.type({ chargeId: t.number })
    const error = await passing(run(task as never, { result }).catch((cause: unknown) => cause))
    expect(error).toBeInstanceOf(ResultUnreadable)
    expect(error).toMatchObject({
      _tag: 'ResultUnreadable',
      why: 'undecodable',
      record: { outcome: { details: paid } }
    })
    expect(task).toHaveBeenCalledTimes(1)
  })
  it('the codec throws on the stored result', async () => {
    const { run } = onceWorld()
    const task = pay()
    await run(task)
    const cause = new Error('no codec')
    const decode = () => {
      throw cause
    }
    const error = await run(task, { result: { encode: (value) => value, decode } }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ _tag: 'ResultUnreadable', why: 'undecodable', cause })
    expect(task).toHaveBeenCalledTimes(1)
  })
  it('an operator completed the key', async () => {
    const { run, rival, task } = await held()
    await rival.completeByOperator({
      ...keyOf(),
      actor: 'eve',
      note: 'seen',
      outcome: { outcomeKind: 'x', details: paid }
    })
    expect(await run(task)).toMatchObject({ _tag: 'Replayed', value: paid })
  })
  it('the caller had given up before', async () => {
    const { run, store } = onceWorld()
    const task = pay()
    expect(await failureOf(run(task, { signal: AbortSignal.abort() }))).toMatchObject({ _tag: 'Aborted' })
    expect([task.mock.calls, store.appends]).toEqual([[], []])
  })
  it('the caller gives up while its key is reserved', async () => {
    const { run, store, types } = onceWorld()
    const task = pay()
    const gaveUp = new AbortController()
    const shut = gate()
    store.onAppend(async (real) => {
      const answer = await real()
      await shut.pass()
      return answer
    })
    const running = run(task, { signal: gaveUp.signal })
    await shut.reached
    gaveUp.abort(new Error('no more'))
    shut.open()
    expect(await failureOf(running)).toMatchObject({ _tag: 'Aborted' })
    expect(task).not.toHaveBeenCalled()
    expect(await types()).toEqual(['Reserved', 'Expired'])
  })
})
