import { describe, expect, it, vi } from 'vitest'
import { StepUnrecorded } from '../../../src/application/effects/step-unrecorded.ts'
import type { TaskContext } from '../../../src/application/effects/task-context.ts'
import { leaseMs, onceWorld } from '../../support/once-world.ts'
import { asking, keyOf } from '../../support/scripted-ledger.ts'
import { connectionLost, lostAfter, notWritten } from '../../support/scripted-store.ts'

const away = notWritten(connectionLost)

/** Three steps with effects that are counted; the task dies or fails after so many. */
const threeSteps = () => {
  const effects = { hold: vi.fn(() => ({ hold: 1 })), charge: vi.fn(async () => 'ch_1'), mail: vi.fn(() => undefined) }
  const task =
    (after = Number.POSITIVE_INFINITY, how: () => Promise<never> = () => Promise.reject(new Error('it failed'))) =>
    async ({ step }: TaskContext) => {
      const hold = await step('hold', effects.hold)
      if (after === 1) await how()
      const charge = await step('charge', effects.charge)
      if (after === 2) await how()
      await step('mail', effects.mail)
      if (after === 3) await how()
      return { hold, charge }
    }
  const counts = () => [
    effects.hold.mock.calls.length,
    effects.charge.mock.calls.length,
    effects.mail.mock.calls.length
  ]
  return { effects, task, counts }
}

const released = { onThrow: 'transient' as const }
const result = { hold: { hold: 1 }, charge: 'ch_1' }
const never = () => new Promise<never>(() => {})

describe('a step', () => {
  it('runs, and its result is kept as a recovery point', async () => {
    const { run, types, rival } = onceWorld()
    const { task, counts } = threeSteps()
    expect(await run(task())).toMatchObject({ _tag: 'Ran', value: result })
    expect(counts()).toEqual([1, 1, 1])
    const reached = 'RecoveryPointReached'
    expect(await types()).toEqual(['Reserved', reached, reached, reached, 'Completed'])
    expect(await rival.get(keyOf())).toMatchObject({
      recoveryPoints: [{ name: 'hold', data: { hold: 1 } }, { name: 'charge', data: 'ch_1' }, { name: 'mail' }]
    })
  })
  it.each([1, 2, 3])('is not run again by whoever takes over, after %i of them', async (after) => {
    const { run, rivalRuns, pass, clock } = onceWorld()
    const { task, counts } = threeSteps()
    void run(task(after, never))
    await pass(1000)
    clock.offset += leaseMs
    expect(await rivalRuns(task())).toMatchObject({ _tag: 'Ran', value: result, record: { epoch: 2 } })
    expect(counts()).toEqual([1, 1, 1])
  })
  it.each([1, 2, 3])('is not run again after the key was given back, after %i of them', async (after) => {
    const { run, rivalRuns } = onceWorld()
    const { task, counts } = threeSteps()
    expect(await run(task(after), { onThrow: 'transient' })).toMatchObject({ _tag: 'Released' })
    expect(await rivalRuns(task(after), { onThrow: 'transient' })).toMatchObject({ _tag: 'Released' })
    expect(await run(task())).toMatchObject({ _tag: 'Ran', value: result, record: { epoch: 3 } })
    expect(counts()).toEqual([1, 1, 1])
  })
  it('is run again for another request that has the key after it was given back', async () => {
    const { run } = onceWorld()
    const { task, counts } = threeSteps()
    await run(task(3), { onThrow: 'transient' })
    await run(task(), { requestFingerprint: 'other' })
    expect(counts()).toEqual([2, 2, 2])
  })
  it('is run again where an operator ended the attempt', async () => {
    const { run, rival, pass } = onceWorld()
    const { task, counts } = threeSteps()
    void run(task(2, never))
    await pass(1000)
    await rival.expireByOperator({ ...keyOf(), actor: 'eve', note: 'start anew' })
    expect(await run(task())).toMatchObject({ _tag: 'Ran' })
    expect(counts()).toEqual([2, 2, 1])
  })
  it('has the result of its first run wherever its name comes again in the attempt', async () => {
    const { run } = onceWorld()
    const effect = vi.fn(async () => effect.mock.calls.length)
    const task = async ({ step }: TaskContext) => [await step('a', effect), await step('a', effect)]
    expect(await run(task)).toMatchObject({ value: [1, 1] })
  })
  it('runs once where its name is used twice at the same time', async () => {
    const { run } = onceWorld()
    const effect = vi.fn(async () => effect.mock.calls.length)
    const task = ({ step }: TaskContext) => Promise.all([step('a', effect), step('a', effect), step('b', effect)])
    expect(await run(task)).toMatchObject({ value: [1, 1, 2] })
  })
  it('is known by its name alone, in whatever order names come after a deploy', async () => {
    const { run, rivalRuns, pass, clock } = onceWorld()
    const { task, effects, counts } = threeSteps()
    void run(task(2, never))
    await pass(1000)
    clock.offset += leaseMs
    const deployed = async ({ step }: TaskContext) => [
      await step('mail', effects.mail),
      await step('charge', effects.charge),
      await step('hold', effects.hold)
    ]
    expect(await rivalRuns(deployed)).toMatchObject({ _tag: 'Ran', value: [undefined, 'ch_1', { hold: 1 }] })
    expect(counts()).toEqual([1, 1, 1])
  })
  it('that fails is not kept, and its failure is the task’s', async () => {
    const { run, types } = onceWorld()
    const error = new Error('declined')
    const task = ({ step }: TaskContext) => step('a', () => Promise.reject(error))
    expect(await run(task, { onThrow: 'definitive' })).toMatchObject({ _tag: 'Failed', error })
    expect(await types()).toEqual(['Reserved', 'Completed'])
  })
  it('gives a result that nobody else can change', async () => {
    const { run, rivalRuns, pass, clock } = onceWorld()
    void run(async ({ step }) => {
      const made = await step('a', () => ({ list: [1] }))
      made.list.push(2)
      const again = await step('a', () => ({ list: [] as Array<number> }))
      again.list.push(3)
      return never()
    })
    await pass(1000)
    clock.offset += leaseMs
    expect(await rivalRuns(({ step }) => step('a', () => ({ list: [] as Array<number> })))).toMatchObject({
      value: { list: [1] }
    })
  })
  it.each([
    ['a result that is no JSON', () => 1n, 'InvalidInput'],
    ['a result over the limit', () => 'x'.repeat(70_000), 'LimitExceeded']
  ])('with %s is told that its effect happened', async (_, effect, tag) => {
    const { run, types } = onceWorld()
    const task = ({ step }: TaskContext) => step<unknown>('charge', effect)
    const answer = await run(task, { onThrow: 'transient' })
    // one word for all failures does not say that nothing happened where it is known that something did
    expect(answer).toMatchObject({
      _tag: 'InDoubt',
      error: { name: 'StepUnrecorded', step: 'charge', failure: { _tag: tag } }
    })
    expect((answer as { error: Error }).error.message).toContain('step "charge" happened')
    expect(await types()).toEqual(['Reserved', 'MarkedInDoubt'])
  })
  it('whose result cannot be kept is the classifier’s to judge', async () => {
    const { run } = onceWorld()
    const onThrow = (error: unknown) => (error instanceof StepUnrecorded ? 'definitive' : 'ambiguous')
    expect(await run(({ step }) => step('a', () => 1n), { onThrow })).toMatchObject({ _tag: 'Failed' })
  })
  it('whose result cannot be kept leaves a task in doubt that hides it', async () => {
    const { run } = onceWorld()
    const task = async ({ step }: TaskContext) => {
      await step('a', () => 1n).catch(() => {})
      throw new Error('something else')
    }
    expect(await run(task, { onThrow: 'transient' })).toMatchObject({ _tag: 'InDoubt' })
  })
  it('is kept where the store fails for a while', async () => {
    const { run, store, passing, types } = onceWorld()
    const effect = vi.fn(() => {
      store.onAppend(away, away, lostAfter)
      return 1
    })
    expect(await passing(run(({ step }) => step('a', effect)))).toMatchObject({ _tag: 'Ran', value: 1 })
    expect(effect).toHaveBeenCalledTimes(1)
    expect(await types()).toEqual(['Reserved', 'RecoveryPointReached', 'Completed'])
  })
  it('is told that its effect happened where the store stays away', async () => {
    const { run, store, passing } = onceWorld()
    const task = async ({ step }: TaskContext) => {
      try {
        return await step('a', () => {
          store.onEveryAppend(away)
          return 1
        })
      } finally {
        store.onEveryAppend((real) => real())
      }
    }
    const error = { name: 'StepUnrecorded', step: 'a', failure: connectionLost }
    expect(await passing(run(task, { onThrow: 'definitive' }))).toMatchObject({ _tag: 'InDoubt', error })
  })
  it('whose claim is lost stops the task before its next effect', async () => {
    const { run, rival, clock } = onceWorld()
    const second = vi.fn()
    const answer = await run(async ({ step, signal }) => {
      const first = step('a', async () => {
        clock.offset += leaseMs
        await rival.reserve(asking({ lease: leaseMs }))
      })
      await expect(first).rejects.toMatchObject({ name: 'TaskAborted', why: 'ClaimLost' })
      expect(signal.aborted).toBe(true)
      await step('b', second)
    })
    expect(answer).toMatchObject({ _tag: 'ClaimLost', threw: true, error: { why: 'ClaimLost' } })
    expect(second).not.toHaveBeenCalled()
  })
  it('gives each caller a result of his own', async () => {
    const { run } = onceWorld()
    const task = async ({ step }: TaskContext) => {
      const [first, second] = await Promise.all([step('a', () => ({ v: 1 })), step('a', () => ({ v: 0 }))])
      first.v = 2
      return second
    }
    expect(await run(task)).toMatchObject({ _tag: 'Ran', value: { v: 1 } })
  })
  it('a result that cannot be read', async () => {
    const { run } = onceWorld()
    const unreadable = Object.defineProperty({}, 'a', {
      enumerable: true,
      get: () => {
        throw new Error('boom')
      }
    })
    expect(await run(({ step }) => step('a', () => unreadable))).toMatchObject({
      _tag: 'InDoubt',
      error: { name: 'StepUnrecorded', failure: { _tag: 'InvalidInput' } }
    })
  })
  it('is kept where the store fails for half a lease', async () => {
    const { run, store, passing, time } = onceWorld()
    const effect = vi.fn(() => {
      store.onEveryAppend(away)
      void time
        .sleep(leaseMs / 2)()
        .then(() => store.onEveryAppend((real) => real()))
      return 1
    })
    expect(await passing(run(({ step }) => step('a', effect)))).toMatchObject({ _tag: 'Ran', value: 1 })
  })
  it.each([
    ['fails', ({ run }: ReturnType<typeof onceWorld>) => run(() => Promise.reject(new Error('again')), released)],
    [
      'dies',
      async ({ rival, time }: ReturnType<typeof onceWorld>) => {
        await rival.reserve(asking({ lease: 1000 }))
        time.pass(1000)
      }
    ]
  ])('is not run again after an attempt between that did not reach it: it %s', async (_, between) => {
    const world = onceWorld()
    const { task, counts } = threeSteps()
    await world.run(task(2), released)
    await between(world)
    expect(await world.run(task())).toMatchObject({ _tag: 'Ran', value: result })
    expect(counts()).toEqual([1, 1, 1])
  })
})
