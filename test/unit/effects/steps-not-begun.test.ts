import { describe, expect, it, vi } from 'vitest'
import type { TaskContext } from '../../../src/application/effects/task-context.ts'
import { gate } from '../../support/gate.ts'
import { onceWorld } from '../../support/once-world.ts'

describe('a step', () => {
  it('is not begun once the task is told to stop', async () => {
    const { run, pass } = onceWorld()
    const shut = gate()
    const effect = vi.fn()
    const running = run(
      async ({ step }) => {
        await shut.pass()
        await step('a', effect)
      },
      { maxDurationMs: 1000, onThrow: () => 'transient' }
    )
    await pass(1000)
    shut.open()
    expect(await running).toMatchObject({ _tag: 'Released', error: { why: 'MaxDuration' } })
    expect(effect).not.toHaveBeenCalled()
  })
  it.each(['', 'x'.repeat(257), '\ud800', 7, undefined])('is not begun under the name %j', async (name) => {
    const { run } = onceWorld()
    const effect = vi.fn()
    const answer = await run(({ step }) => step(name as string, effect), { onThrow: 'transient' })
    expect(answer).toMatchObject({ _tag: 'Released', error: expect.any(TypeError) })
    expect(effect).not.toHaveBeenCalled()
  })
  it('is not begun beyond the hundredth', async () => {
    const { run } = onceWorld()
    const effect = vi.fn(() => null)
    const task = async ({ step }: TaskContext) => {
      for (let n = 0; n <= 100; n++) await step(`${n}`, effect)
    }
    expect(await run(task, { onThrow: 'transient' })).toMatchObject({ _tag: 'Released', error: expect.any(RangeError) })
    expect(effect).toHaveBeenCalledTimes(100)
  })
  it('is not begun beyond the hundredth, though all are begun at once', async () => {
    const { run } = onceWorld()
    const effect = vi.fn(() => null)
    const task = ({ step }: TaskContext) =>
      Promise.allSettled(Array.from({ length: 103 }, (_, n) => step(`${n}`, effect))).then((all) =>
        all.filter(({ status }) => status === 'rejected')
      )
    const reason = expect.any(RangeError)
    expect(await run(task as never)).toMatchObject({ value: [{ reason }, { reason }, { reason }] })
    expect(effect).toHaveBeenCalledTimes(100)
  })
  it.each([
    ['at once', () => undefined],
    ['later', () => Promise.resolve()]
  ])('is not begun within itself: %s', async (_, pause) => {
    const { run } = onceWorld()
    const inner = vi.fn()
    const task = ({ step }: TaskContext) =>
      step('a', async () => {
        await pause()
        return step('b', () => step('a', inner))
      })
    expect(await run(task)).toMatchObject({ _tag: 'InDoubt', error: expect.any(TypeError) })
    expect(inner).not.toHaveBeenCalled()
  })
})
