import { describe, expect, it, vi } from 'vitest'
import type { TaskContext } from '../../../src/application/effects/task-context.ts'
import { eventually } from '../../support/eventually.ts'
import { gate } from '../../support/gate.ts'
import { leaseMs, onceWorld } from '../../support/once-world.ts'

const refused = () => Promise.reject(new Error('ECONNREFUSED'))

/** A task of two steps at once: one fails the first time, the other takes a while. */
const twoAtOnce = () => {
  const shut = gate()
  const charge = vi.fn(async () => {
    await shut.pass()
    return 'ch_1'
  })
  const stock = vi.fn(async () => 1).mockImplementationOnce(refused)
  const task = ({ step }: TaskContext) => Promise.all([step('charge', charge), step('stock', stock)])
  return { shut, charge, task }
}

describe('a step that the task did not wait for', () => {
  it('still runs when the task fails', async () => {
    const { run, rivalRuns, types } = onceWorld()
    const { shut, charge, task } = twoAtOnce()
    const running = run(task, { onThrow: 'transient' })
    await shut.reached
    // the key is not given back while it runs
    expect(await rivalRuns(task)).toMatchObject({ _tag: 'InFlight' })
    shut.open()
    expect(await running).toMatchObject({ _tag: 'Released', error: new Error('ECONNREFUSED') })
    expect(await types()).toEqual(['Reserved', 'DuplicateSeen', 'RecoveryPointReached', 'Expired'])
    expect(await run(task)).toMatchObject({ _tag: 'Ran', value: ['ch_1', 1] })
    expect(charge).toHaveBeenCalledTimes(1)
  })
  it.each([['transient' as const], [() => 'transient' as const]])(
    'never ends, and the task failed: %s',
    async (onThrow) => {
      const { run, rivalRuns, passing } = onceWorld()
      const { charge, task } = twoAtOnce()
      expect(await passing(run(task, { onThrow }))).toMatchObject({ _tag: 'InDoubt' })
      expect(await rivalRuns(task)).toMatchObject({ _tag: 'InDoubt' })
      expect(charge).toHaveBeenCalledTimes(1)
    }
  )
  it('fails after the task has', async () => {
    const { run, passing } = onceWorld()
    const charge = vi.fn(
      (signal: AbortSignal) =>
        new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('half-way'))))
    )
    const task = ({ step, signal }: TaskContext) =>
      Promise.all([step('charge', () => charge(signal)), step('stock', refused)])
    // it was told to stop, and nobody was asked what it did by then
    expect(await passing(run(task, { onThrow: () => 'transient' }))).toMatchObject({
      _tag: 'InDoubt',
      error: new Error('ECONNREFUSED')
    })
  })
  it('still runs when the task gives its value', async () => {
    const { run, types } = onceWorld()
    const shut = gate()
    let why: unknown
    const running = run(async ({ step, signal }) => {
      void step('mail', () => shut.pass())
      await shut.reached
      signal.addEventListener('abort', () => {
        why = signal.reason
      })
      return 'paid'
    })
    await shut.reached
    await eventually(() => expect(why).toMatchObject({ name: 'TaskAborted', why: 'TaskEnded' }))
    shut.open()
    expect(await running).toMatchObject({ _tag: 'Ran', value: 'paid' })
    expect(await types()).toEqual(['Reserved', 'RecoveryPointReached', 'Completed'])
  })
  it('never ends, and the task gave its value', async () => {
    const { run, passing, time } = onceWorld()
    const task = async ({ step }: TaskContext) => {
      void step('mail', () => new Promise<never>(() => {}))
      await Promise.resolve()
      return 'paid'
    }
    expect(await passing(run(task))).toMatchObject({ _tag: 'Ran', value: 'paid' })
    expect(time.monotonicMs()).toBeLessThanOrEqual(2 * leaseMs)
  })
  it.each(['gave its value', 'failed'])('is not begun after the task %s', async (how) => {
    const { run } = onceWorld()
    const effect = vi.fn()
    let late: TaskContext['step'] | undefined
    await run(
      async ({ step }) => {
        late = step
        if (how === 'failed') throw new Error('it failed')
      },
      { onThrow: 'transient' }
    )
    await expect(late?.('late', effect)).rejects.toMatchObject({ name: 'TaskAborted', why: 'TaskEnded' })
    expect(effect).not.toHaveBeenCalled()
  })
  it('leaves a task’s signal alone that has ended with nothing running', async () => {
    const { run } = onceWorld()
    expect(await run(async ({ signal }) => signal)).toMatchObject({ _tag: 'Ran', value: { aborted: false } })
  })
})
