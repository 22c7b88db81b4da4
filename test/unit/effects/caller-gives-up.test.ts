import { describe, expect, it, vi } from 'vitest'
import { TaskAborted } from '../../../src/application/effects/task-aborted.ts'
import { onceWorld } from '../../support/once-world.ts'
import { failureOf } from '../../support/scripted-ledger.ts'
import { deaf, listening } from '../../support/tasks-told-to-stop.ts'

const because = (why: string) => expect.objectContaining({ name: 'TaskAborted', why })

/** Of a task that has no effect before it stops. */
const whereStopped = (error: unknown) => (error instanceof TaskAborted ? 'transient' : 'ambiguous')

describe('once, while the task runs', () => {
  it('the caller gives up, and the task stops', async () => {
    const { run, types } = onceWorld()
    const gaveUp = new AbortController()
    const { task, began } = listening()
    const running = run(task, { signal: gaveUp.signal, onThrow: whereStopped })
    await began
    gaveUp.abort(new Error('the client went away'))
    expect(await failureOf(running)).toMatchObject({
      _tag: 'Aborted',
      cause: { _tag: 'Released', error: because('CallerAborted') }
    })
    expect(await types()).toEqual(['Reserved', 'Expired'])
  })
  it('the caller gives up, and the task finishes all the same', async () => {
    const { run } = onceWorld()
    const gaveUp = new AbortController()
    const { task, began, finish } = deaf()
    const running = run(task, { signal: gaveUp.signal })
    await began
    gaveUp.abort()
    finish()
    expect(await running).toMatchObject({ _tag: 'Ran', value: 'done' })
  })
})

it('a signal that many share has one listener of theirs, and all of them hear of it', async () => {
  const { run } = onceWorld()
  const shutdown = new AbortController()
  const added = vi.spyOn(shutdown.signal, 'addEventListener')
  const tasks = Array.from({ length: 20 }, (_, n) => ({ key: `key ${n}`, ...listening() }))
  const running = tasks.map(({ key, task }) => run(task, { key, signal: shutdown.signal, onThrow: 'transient' }))
  await Promise.all(tasks.map(({ began }) => began))
  // one for the commands, which have left it again, and one for the tasks
  expect(added.mock.calls.length).toBeLessThan(20)
  shutdown.abort()
  for (const one of running) expect(await failureOf(one)).toMatchObject({ _tag: 'Aborted' })
})
