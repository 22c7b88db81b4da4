import { describe, expect, it } from 'vitest'
import type { TaskContext } from '../../../src/application/effects/task-context.ts'
import { onceWorld } from '../../support/once-world.ts'

const released = { onThrow: 'transient' as const }

describe('downstreamKey', () => {
  it.each([7, undefined, null, '', '\ud800'])('is of no name %j', async (name) => {
    const { run } = onceWorld()
    const task = async ({ downstreamKey }: TaskContext) => downstreamKey(name as string)
    expect(await run(task, released)).toMatchObject({ _tag: 'Released', error: expect.any(TypeError) })
  })
  it('is the same in every attempt, and another for another name or key', async () => {
    const { run } = onceWorld()
    const keys: Array<string> = []
    const task = ({ downstreamKey }: TaskContext) => {
      keys.push(downstreamKey('a'), downstreamKey('b'))
      return Promise.reject(new Error('again'))
    }
    await run(task, { onThrow: 'transient' })
    await run(task, { onThrow: 'transient' })
    await run(task, { key: 'other', onThrow: 'transient' })
    expect(keys[0]).toMatch(/^down_[0-9a-f]{64}$/)
    expect(keys.slice(2, 4)).toEqual(keys.slice(0, 2))
    expect(new Set(keys).size).toBe(4)
  })
})
