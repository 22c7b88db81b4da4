import { describe, expect, it, vi } from 'vitest'
import { TaskAborted } from '../../../src/application/effects/task-aborted.ts'
import { eventually } from '../../support/eventually.ts'
import { leaseMs, onceWorld } from '../../support/once-world.ts'
import { asking, claimOf, done, keyOf } from '../../support/scripted-ledger.ts'
import { connectionLost, notWritten } from '../../support/scripted-store.ts'
import { deaf, listening } from '../../support/tasks-told-to-stop.ts'

const away = notWritten(connectionLost)

const because = (why: string) => expect.objectContaining({ name: 'TaskAborted', why })

/** Of a task that has no effect before it stops. */
const whereStopped = (error: unknown) => (error instanceof TaskAborted ? 'transient' : 'ambiguous')

describe('once, while the task runs', () => {
  it('a task that is longer than its lease', async () => {
    const { run, rivalRuns, pass, types, time } = onceWorld()
    const { task, began, finish, why } = deaf()
    const running = run(task)
    await began
    for (let n = 0; n < 20; n++) {
      await pass(leaseMs / 2)
      expect(await rivalRuns(async () => 'twice')).toMatchObject({ _tag: 'InFlight' })
    }
    finish()
    expect(await running).toMatchObject({ _tag: 'Ran', record: { epoch: 1 } })
    expect(why()).toBeUndefined()
    const renewals = (await types()).filter((type) => type === 'LeaseRenewed').length
    // ten leases, each renewed after a third of it or a little less
    expect(renewals).toBeGreaterThanOrEqual(30)
    expect(renewals).toBeLessThanOrEqual(38)
    await eventually(() => expect(time.sleeping()).toBe(0))
  })
  it.each([0, 0.5, 0.9])('a skew that is a part of the lease: %d', async (share) => {
    const { run, pass } = onceWorld({ policy: { clockSkewMs: leaseMs * share } })
    const { task, began, finish, why } = deaf()
    const running = run(task)
    await began
    await pass(3 * leaseMs)
    expect(why()).toBeUndefined()
    finish()
    expect(await running).toMatchObject({ _tag: 'Ran' })
  })
  it('the store is away for less than the lease', async () => {
    const { run, store, pass } = onceWorld()
    const { task, began, finish, why } = deaf()
    const running = run(task)
    await began
    store.onEveryAppend(away)
    await pass(leaseMs * 0.9)
    store.onEveryAppend((real) => real())
    await pass(leaseMs)
    expect(why()).toBeUndefined()
    finish()
    expect(await running).toMatchObject({ _tag: 'Ran' })
  })
  it('no renewal gets through by the lease’s end less the skew', async () => {
    const { run, store, pass, rivalRuns, time } = onceWorld({ policy: { clockSkewMs: 5000 } })
    const { task, began, finish, why } = deaf()
    const running = run(task)
    await began
    store.onEveryAppend(away)
    await pass(leaseMs - 5000 - 1000)
    expect(why()).toBeUndefined()
    await pass(1000)
    expect(why()).toEqual(because('LeaseUnknown'))
    // told while nobody could have taken over yet
    expect(time.monotonicMs()).toBeLessThan(leaseMs)
    expect(await rivalRuns(async () => 'twice')).toMatchObject({ _tag: 'InFlight' })
    store.onEveryAppend((real) => real())
    finish()
    expect(await running).toMatchObject({ _tag: 'Ran' })
  })
  it('a renewal that is never answered', async () => {
    const { ledger, optionsOf, pass } = onceWorld()
    const { once } = await import('../../../src/composition/once.ts')
    const { task, began, finish, why } = deaf()
    const renew = () => new Promise<never>(() => {})
    const running = once({ ...ledger, renew }, optionsOf() as never)(task)
    await began
    await pass(leaseMs)
    expect(why()).toEqual(because('LeaseUnknown'))
    finish()
    expect(await running).toMatchObject({ _tag: 'Ran' })
  })
  it('somebody takes over while the task runs', async () => {
    const { run, rival, clock, pass } = onceWorld()
    const { task, began } = listening()
    const running = run(task)
    await began
    clock.offset += leaseMs
    await rival.reserve(asking({ lease: leaseMs }))
    await pass(leaseMs / 3)
    expect(await running).toMatchObject({ _tag: 'ClaimLost', threw: true, error: because('ClaimLost') })
  })
  it('an operator completes the key while the task runs', async () => {
    const { run, rival, pass } = onceWorld()
    const { task, began } = listening()
    const running = run(task)
    await began
    await rival.completeByOperator({ ...keyOf(), actor: 'eve', note: 'seen', outcome: done })
    await pass(leaseMs / 3)
    expect(await running).toMatchObject({ _tag: 'ClaimLost', error: because('ClaimLost'), record: { outcome: done } })
  })
  it('the clock leaps ahead, and nobody takes over', async () => {
    const { run, clock, pass } = onceWorld()
    const { task, began, finish, why } = deaf()
    const running = run(task)
    await began
    clock.offset += 100 * leaseMs
    await pass(leaseMs)
    expect(why()).toBeUndefined()
    finish()
    expect(await running).toMatchObject({ _tag: 'Ran' })
  })
  it('the clock leaps ahead while the store is away', async () => {
    const { run, clock, store, pass, time } = onceWorld()
    const { task, began, finish, why } = deaf()
    const running = run(task)
    await began
    store.onEveryAppend(away)
    clock.offset += 100 * leaseMs
    await pass(leaseMs / 3)
    expect(why()).toEqual(because('LeaseUnknown'))
    expect(time.monotonicMs()).toBeLessThanOrEqual(leaseMs / 3)
    store.onEveryAppend((real) => real())
    finish()
    expect(await running).toMatchObject({ _tag: 'Ran' })
  })
  it('the clock runs back', async () => {
    const { run, clock, pass } = onceWorld()
    const { task, began, finish, why } = deaf()
    const running = run(task)
    await began
    clock.offset -= 500_000
    await pass(leaseMs - 1000)
    expect(why()).toBeUndefined()
    await pass(1000)
    // no renewal moves the end by this clock, and by the clocks of others the lease is over
    expect(why()).toEqual(because('LeaseUnknown'))
    finish()
    expect(await running).toMatchObject({ _tag: 'Ran' })
  })
  it('the clock fails', async () => {
    let now = 1000
    const { run, pass } = onceWorld({ clock: () => now })
    const { task, began, finish, why } = deaf()
    const running = run(task)
    await began
    now = Number.NaN
    await pass(leaseMs)
    expect(why()).toEqual(because('LeaseUnknown'))
    now = 2000
    finish()
    expect(await running).toMatchObject({ _tag: 'Ran' })
  })
  it('the task takes longer than it may', async () => {
    const { run, pass } = onceWorld()
    const { task, began } = listening()
    const running = run(task, { maxDurationMs: 100_000, onThrow: whereStopped })
    await began
    await pass(100_000)
    expect(await running).toMatchObject({ _tag: 'Released', error: because('MaxDuration') })
  })
  it.each(['MaxDuration', 'CallerAborted', 'LeaseUnknown'])(
    'a task is stopped half-way that is transient whatever it throws: %s',
    async (why) => {
      const { run, pass, store } = onceWorld()
      const gaveUp = new AbortController()
      const { task, began } = listening()
      const maxDurationMs = why === 'MaxDuration' ? 1000 : undefined
      const running = run(task, { maxDurationMs, signal: gaveUp.signal, onThrow: 'transient' })
      const answer = running.catch((error: { readonly cause: unknown }) => error.cause)
      await began
      if (why === 'CallerAborted') gaveUp.abort()
      if (why === 'LeaseUnknown') store.onEveryAppend(away)
      await pass(leaseMs)
      store.onEveryAppend((real) => real())
      await pass(leaseMs)
      expect(await answer).toMatchObject({ _tag: 'InDoubt', error: because(why) })
    }
  )
  it('the task ignores its abort, and nobody takes over', async () => {
    const { run, pass, types } = onceWorld()
    const { task, began, finish, why } = deaf()
    const running = run(task, { maxDurationMs: 1000 })
    await began
    await pass(10 * leaseMs, 5000)
    expect(why()).toEqual(because('MaxDuration'))
    // nothing is renewed any more: it blocks nobody for longer than its lease
    expect(await types()).toEqual(['Reserved'])
    finish()
    expect(await running).toMatchObject({ _tag: 'Ran' })
  })
  it('the task ignores its abort, and somebody takes over', async () => {
    const { run, rivalRuns, pass, types } = onceWorld()
    const { task, began, finish } = deaf()
    const running = run(task, { maxDurationMs: 1000 })
    await began
    await pass(leaseMs)
    expect(await rivalRuns(async () => 'theirs')).toMatchObject({ _tag: 'Ran', record: { epoch: 2 } })
    finish()
    expect(await running).toMatchObject({
      _tag: 'ClaimLost',
      value: 'done',
      record: { outcome: { details: 'theirs' } }
    })
    expect((await types()).at(-1)).toBe('CompletionRejected')
  })
  it('the reserve takes longer than the lease', async () => {
    const { run, store, time } = onceWorld()
    const task = vi.fn()
    store.onAppend(async (real) => {
      const answer = await real()
      time.pass(leaseMs)
      return answer
    })
    expect(await run(task)).toMatchObject({ _tag: 'Released', error: because('LeaseUnknown') })
    expect(task).not.toHaveBeenCalled()
  })
  it('a takeover that is told to stop before it began', async () => {
    const { run, rival, store, time, rivalRuns } = onceWorld()
    await rival.reserve(asking({ lease: 1000 }))
    time.pass(1000)
    store.onAppend(async (real) => {
      const answer = await real()
      time.pass(leaseMs)
      return answer
    })
    const task = vi.fn()
    expect(await run(task)).toMatchObject({ _tag: 'InFlight' })
    expect(task).not.toHaveBeenCalled()
    // what the first holder did is still open, and whoever comes next is told so
    time.pass(leaseMs)
    const next = vi.fn(async () => 1)
    await rivalRuns(next)
    expect(next).toHaveBeenCalledWith(expect.objectContaining({ takeover: true, attempt: 3 }))
  })
  it('leaves no timer and no listener behind, however it ended', async () => {
    const { run, time, passing } = onceWorld()
    const gaveUp = new AbortController()
    const added = vi.spyOn(gaveUp.signal, 'addEventListener')
    const removed = vi.spyOn(gaveUp.signal, 'removeEventListener')
    const fails = async () => Promise.reject(new Error('x'))
    for (const onThrow of ['transient', 'ambiguous'] as const) {
      await passing(run(fails, { key: onThrow, onThrow, maxDurationMs: 1000, signal: gaveUp.signal }))
    }
    await eventually(() => expect(time.sleeping()).toBe(0))
    expect(added).toHaveBeenCalled()
    expect(removed).toHaveBeenCalledTimes(added.mock.calls.length)
  })
})

describe('a zombie that wakes after it was taken over', () => {
  it('is refused in all that it tries, and the winner’s outcome stands', async () => {
    const { run, rival, rivalRuns, ledger, clock, types } = onceWorld()
    const { task, began, finish } = deaf()
    let claim = claimOf(await rival.reserve(asking({ key: 'other' })))
    const running = run(async (context) => {
      claim = context.claim
      return task(context)
    })
    await began
    clock.offset += leaseMs
    expect(await rivalRuns(async () => 'theirs')).toMatchObject({ _tag: 'Ran' })
    for (const wakes of [
      () => ledger.renew({ claim, leaseMs }),
      () => ledger.release({ claim }),
      () => ledger.reachRecoveryPoint({ claim, name: 'late' }),
      () => ledger.markInDoubt({ claim })
    ]) {
      expect(await wakes()).toMatchObject({ _tag: 'ClaimLost' })
    }
    finish()
    expect(await running).toMatchObject({ _tag: 'ClaimLost', value: 'done' })
    expect(await rival.get(keyOf())).toMatchObject({ outcome: { details: 'theirs' } })
    expect(await types()).toEqual(['Reserved', 'Expired', 'Reserved', 'Completed', 'CompletionRejected'])
  })
})

it('a reason is an error by its name', () => {
  expect(new TaskAborted('MaxDuration')).toBeInstanceOf(Error)
})
