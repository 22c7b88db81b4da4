import { describe, expect, it, vi } from 'vitest'
import { leaseMs, onceWorld } from '../../support/once-world.ts'
import { asking, claimOf, done, failureOf, keyOf } from '../../support/scripted-ledger.ts'
import { connectionLost, lostAfter, lostBefore, notWritten } from '../../support/scripted-store.ts'

const failing = (error: unknown = new Error('it failed')) => vi.fn(async () => Promise.reject(error))
const busy = notWritten({ _tag: 'StoreBusy', message: 'busy' })

describe('once, how the task ended', () => {
  it('the task gives nothing', async () => {
    const { run } = onceWorld()
    expect(await run(async () => {})).toMatchObject({ _tag: 'Ran', record: { outcome: { outcomeKind: 'done' } } })
    expect(await run(async () => {})).toMatchObject({ _tag: 'Replayed', value: undefined })
  })
  it.each([null, 0, '', false, [], {}, 'text', [1, { a: null }]])('the task gives %j', async (value) => {
    const { run } = onceWorld()
    expect(await run(async () => value)).toMatchObject({ _tag: 'Ran', value })
    const replay = await run(async () => value)
    expect(replay).toMatchObject({ _tag: 'Replayed' })
    expect(replay).toHaveProperty('value', value)
  })
  it('the task fails for good', async () => {
    const { run } = onceWorld()
    const error = new RangeError('card declined')
    expect(await run(failing(error), { onThrow: 'definitive' })).toMatchObject({
      _tag: 'Failed',
      error,
      failure: { name: 'RangeError', message: 'card declined' },
      record: { outcome: { outcomeKind: 'failed' } }
    })
  })
  it('the task fails for good, and the classifier says with what', async () => {
    const { run } = onceWorld()
    const onThrow = () => ({ definitive: { code: 402 } })
    expect(await run(failing(), { onThrow })).toMatchObject({ _tag: 'Failed', failure: { code: 402 } })
    expect(await run(failing(), { onThrow })).toMatchObject({ _tag: 'ReplayedFailure', failure: { code: 402 } })
  })
  it('the task fails, and nothing happened', async () => {
    const { run } = onceWorld()
    const task = failing()
    expect(await run(task, { onThrow: 'transient' })).toMatchObject({ _tag: 'Released', error: new Error('it failed') })
    expect(await run(async () => 'now')).toMatchObject({ _tag: 'Ran', record: { epoch: 2 } })
  })
  it('the task fails, and nobody knows whether it happened', async () => {
    const { run, rivalRuns, pass } = onceWorld()
    const task = failing()
    expect(await run(task, { onThrow: 'ambiguous' })).toMatchObject({ _tag: 'InDoubt', error: new Error('it failed') })
    await pass(10 * leaseMs, leaseMs)
    expect(await rivalRuns(task)).toMatchObject({ _tag: 'InDoubt', record: { inDoubt: {} } })
    expect(task).toHaveBeenCalledTimes(1)
  })
  it('the classifier tells failures apart', async () => {
    const { run } = onceWorld()
    const onThrow = vi.fn((error: unknown) => (error instanceof RangeError ? 'transient' : 'ambiguous'))
    expect(await run(failing(new RangeError()), { onThrow })).toMatchObject({ _tag: 'Released' })
    expect(await run(failing(), { onThrow })).toMatchObject({ _tag: 'InDoubt' })
  })
  it('the classifier throws', async () => {
    const { run } = onceWorld()
    const onThrow = () => {
      throw new Error('what?')
    }
    expect(await run(failing(), { onThrow })).toMatchObject({ _tag: 'InDoubt', error: new Error('it failed') })
  })
  it('the classifier says none of the three', async () => {
    const { run } = onceWorld()
    expect(await run(failing(), { onThrow: (() => 'whatever') as never })).toMatchObject({ _tag: 'InDoubt' })
  })
  it('the store fails for a while after the task', async () => {
    const { run, store, passing } = onceWorld()
    const task = vi.fn(async () => {
      store.onAppend(busy, busy, busy)
      return 1
    })
    expect(await passing(run(task))).toMatchObject({ _tag: 'Ran', value: 1 })
  })
  it('the completion is in doubt, and turns out to stand', async () => {
    const { run, store, passing, types } = onceWorld()
    const task = vi.fn(async () => {
      store.onAppend(lostAfter, lostBefore)
      return 1
    })
    expect(await passing(run(task))).toMatchObject({ _tag: 'Ran', value: 1 })
    expect(await types()).toEqual(['Reserved', 'Completed'])
  })
  it('the store stays away after the task', async () => {
    const { run, store, passing, types, rivalRuns, time } = onceWorld()
    const from = time.monotonicMs()
    const task = vi.fn(async () => {
      store.onEveryAppend(notWritten(connectionLost))
      return 'paid'
    })
    const answer = await passing(run(task))
    expect(answer).toMatchObject({ _tag: 'Unrecorded', threw: false, value: 'paid', cause: connectionLost })
    // it was tried for a whole lease, and the claim was kept
    expect(time.monotonicMs() - from).toBeGreaterThanOrEqual(leaseMs)
    expect(await types()).toEqual(['Reserved'])
    if (answer._tag !== 'Unrecorded') return expect.unreachable()
    expect(await passing(answer.retryComplete())).toMatchObject({ _tag: 'Unrecorded' })
    store.onEveryAppend((real) => real())
    expect(await answer.retryComplete()).toMatchObject({ _tag: 'Ran', value: 'paid' })
    expect(await rivalRuns(task)).toMatchObject({ _tag: 'Replayed', value: 'paid' })
    expect(task).toHaveBeenCalledTimes(1)
  })
  it.each(['definitive', 'transient', 'ambiguous'] as const)(
    'the store stays away after a task that failed: %s',
    async (onThrow) => {
      const { run, store, passing } = onceWorld()
      const error = new Error('it failed')
      const task = async () => {
        store.onEveryAppend(notWritten(connectionLost))
        throw error
      }
      const answer = await passing(run(task, { onThrow }))
      expect(answer).toMatchObject({ _tag: 'Unrecorded', threw: true, error, cause: connectionLost })
      store.onEveryAppend((real) => real())
      if (answer._tag !== 'Unrecorded') return expect.unreachable()
      const tags = { definitive: 'Failed', transient: 'Released', ambiguous: 'InDoubt' }
      expect(await answer.retryComplete()).toMatchObject({ _tag: tags[onThrow], error })
    }
  )
  it.each(['definitive', 'transient', 'ambiguous'] as const)(
    'the store fails for half a lease after a task that failed: %s',
    async (onThrow) => {
      const { run, rivalRuns, store, passing, pass, time } = onceWorld()
      const task = vi.fn(async () => {
        store.onEveryAppend(notWritten(connectionLost))
        void time
          .sleep(leaseMs / 2)()
          .then(() => store.onEveryAppend((real) => real()))
        throw new Error('it failed')
      })
      const tags = { definitive: 'Failed', transient: 'Released', ambiguous: 'InDoubt' }
      expect(await passing(run(task, { onThrow }))).toMatchObject({ _tag: tags[onThrow] })
      await pass(2 * leaseMs)
      if (onThrow !== 'transient') await rivalRuns(task)
      expect(task).toHaveBeenCalledTimes(1)
    }
  )
  it('how it ended is recorded after the lease, and nobody took over', async () => {
    const { run, rivalRuns, store, passing, pass } = onceWorld()
    const task = vi.fn(async () => {
      store.onEveryAppend(notWritten(connectionLost))
      throw new Error('it failed')
    })
    const answer = await passing(run(task))
    if (answer._tag !== 'Unrecorded') return expect.unreachable()
    await pass(2 * leaseMs)
    store.onEveryAppend((real) => real())
    expect(await answer.retryComplete()).toMatchObject({ _tag: 'InDoubt' })
    expect(await rivalRuns(task)).toMatchObject({ _tag: 'InDoubt' })
    expect(task).toHaveBeenCalledTimes(1)
  })
  it('how it ended is recorded after the lease, and somebody took over', async () => {
    const { run, rivalRuns, store, passing, pass } = onceWorld()
    const answer = await passing(
      run(async () => {
        store.onEveryAppend(notWritten(connectionLost))
        return 'mine'
      })
    )
    if (answer._tag !== 'Unrecorded') return expect.unreachable()
    await pass(2 * leaseMs)
    store.onEveryAppend((real) => real())
    expect(await rivalRuns(async ({ takeover }) => takeover)).toMatchObject({ _tag: 'Ran', value: true })
    expect(await answer.retryComplete()).toMatchObject({ _tag: 'ClaimLost', value: 'mine' })
  })
  it('the value is changed before it could be stored', async () => {
    const { run, store, passing, rival } = onceWorld()
    const value = { id: 1 }
    const task = async () => {
      store.onEveryAppend(notWritten(connectionLost))
      return value
    }
    const answer = await passing(run(task))
    if (answer._tag !== 'Unrecorded') return expect.unreachable()
    value.id = 2
    store.onEveryAppend((real) => real())
    await answer.retryComplete()
    expect(await rival.get(keyOf())).toMatchObject({ outcome: { details: { id: 1 } } })
  })
  it('the ledger is disposed of while the task runs', async () => {
    const { ledger, run, rivalRuns, passing, pass } = onceWorld()
    const answer = await passing(
      run(async () => {
        await ledger.dispose()
        return 'paid'
      })
    )
    expect(answer).toMatchObject({ _tag: 'Unrecorded', value: 'paid' })
    await pass(2 * leaseMs)
    expect(await rivalRuns(async ({ takeover }) => takeover)).toMatchObject({ _tag: 'Ran', value: true })
  })
  it('somebody took over meanwhile', async () => {
    const { run, rival, clock, types } = onceWorld()
    const answer = await run(async () => {
      clock.offset += leaseMs
      const theirs = claimOf(await rival.reserve(asking({ lease: leaseMs })))
      await rival.complete({ claim: theirs, outcome: { ...done, details: 'theirs' } })
      return 'mine'
    })
    expect(answer).toMatchObject({
      _tag: 'ClaimLost',
      threw: false,
      value: 'mine',
      record: { epoch: 2, outcome: { details: 'theirs' } }
    })
    // the winner's outcome stands, and the late one is evidence
    expect(await types()).toEqual(['Reserved', 'Expired', 'Reserved', 'Completed', 'CompletionRejected'])
  })
  it('an operator ended the reservation meanwhile', async () => {
    const { run, rival } = onceWorld()
    const answer = await run(async () => {
      await rival.expireByOperator({ ...keyOf(), actor: 'eve', note: 'stuck' })
      return 'mine'
    })
    expect(answer).toMatchObject({ _tag: 'ClaimLost', value: 'mine' })
    expect(answer).not.toHaveProperty('record')
  })
  it('an operator completed the reservation meanwhile', async () => {
    const { run, rival } = onceWorld()
    const answer = await run(async () => {
      await rival.completeByOperator({ ...keyOf(), actor: 'eve', note: 'seen', outcome: done })
      return 'mine'
    })
    expect(answer).toMatchObject({ _tag: 'ClaimLost', value: 'mine', record: { outcome: done } })
  })
  it.each(['definitive', 'transient', 'ambiguous'] as const)(
    'a task fails whose claim is lost: %s',
    async (onThrow) => {
      const { run, rival } = onceWorld()
      const task = async () => {
        await rival.expireByOperator({ ...keyOf(), actor: 'eve', note: 'stuck' })
        throw new Error('too late')
      }
      expect(await run(task, { onThrow })).toMatchObject({
        _tag: 'ClaimLost',
        threw: true,
        error: new Error('too late')
      })
    }
  )
  it('a task throws before it gives a promise', async () => {
    const { run } = onceWorld()
    const task = () => {
      throw new Error('at once')
    }
    expect(await run(task, { onThrow: 'transient' })).toMatchObject({ _tag: 'Released' })
  })
  it('a ledger that a wrapper stands before is asked through it', async () => {
    const { ledger, optionsOf } = onceWorld()
    const { once } = await import('../../../src/composition/once.ts')
    const reserve = vi.fn(ledger.reserve)
    const complete = vi.fn(ledger.complete)
    await once({ ...ledger, reserve, complete }, optionsOf() as never)(async () => 1)
    expect([reserve.mock.calls.length, complete.mock.calls.length]).toEqual([1, 1])
  })
  it('a ledger that throws what it should not', async () => {
    const { ledger, optionsOf } = onceWorld()
    const { once } = await import('../../../src/composition/once.ts')
    const cause = new Error('a wrapper is broken')
    const reserve = () => {
      throw cause
    }
    const running = once({ ...ledger, reserve }, optionsOf() as never)(async () => 1)
    expect(await failureOf(running)).toMatchObject({ _tag: 'StoreUnavailable', cause })
  })
})
