import { describe, expect, it, vi } from 'vitest'
import type { Recovery } from '../../../src/application/effects/task-context.ts'
import { leaseMs, onceWorld } from '../../support/once-world.ts'
import { asking, claimOf, done, failureOf, keyOf } from '../../support/scripted-ledger.ts'

/** A key whose first holder died at work. */
const orphaned = async () => {
  const world = onceWorld()
  const claim = claimOf(await world.rival.reserve(asking({ lease: 1000, owner: 'the dead' })))
  world.time.pass(1000)
  return { ...world, claim, task: vi.fn(async () => 'anew') }
}

describe('once, on a takeover', () => {
  it('recover finds the outcome', async () => {
    const { run, task, types, rivalRuns } = await orphaned()
    const recover = vi.fn(async (): Promise<Recovery<string>> => ({ outcome: 'found' }))
    expect(await run(task, { recover })).toMatchObject({ _tag: 'Replayed', value: 'found', recovered: true })
    expect(task).not.toHaveBeenCalled()
    expect(await types()).toEqual(['Reserved', 'Expired', 'Reserved', 'Completed'])
    expect(await rivalRuns(task)).toMatchObject({ _tag: 'Replayed', value: 'found' })
  })
  it('recover is asked with the previous record, and what it needs to look', async () => {
    const { run, task } = await orphaned()
    const keys: Array<string> = []
    const recover = vi.fn(async (_, { downstreamKey }): Promise<Recovery<string>> => {
      keys.push(downstreamKey('charge'))
      return 'notFound'
    })
    await run(
      async ({ downstreamKey }) => {
        keys.push(downstreamKey('charge'))
        return task()
      },
      { recover }
    )
    expect(recover).toHaveBeenCalledWith(
      expect.objectContaining({ owner: 'the dead', epoch: 1 }),
      expect.objectContaining({ attempt: 2, signal: expect.any(AbortSignal), claim: expect.anything() })
    )
    expect(new Set(keys).size).toBe(1)
  })
  it('recover finds nothing', async () => {
    const { run, task } = await orphaned()
    expect(await run(task, { recover: () => 'notFound' })).toMatchObject({ _tag: 'Ran', value: 'anew' })
    expect(task).toHaveBeenCalledWith(expect.objectContaining({ takeover: true, attempt: 2 }))
  })
  it('recover cannot tell', async () => {
    const { run, task, rivalRuns, pass } = await orphaned()
    expect(await run(task, { recover: () => 'unknown' })).toMatchObject({ _tag: 'InDoubt' })
    await pass(leaseMs * 3, leaseMs)
    expect(await rivalRuns(task, { recover: () => 'notFound' })).toMatchObject({ _tag: 'InDoubt' })
    expect(task).not.toHaveBeenCalled()
  })
  it('recover throws', async () => {
    const { run, task } = await orphaned()
    const error = new Error('the provider is away')
    const recover = () => Promise.reject(error)
    expect(await run(task, { recover })).toMatchObject({ _tag: 'InDoubt', error })
    expect(task).not.toHaveBeenCalled()
  })
  it('recover says none of the three', async () => {
    const { run, task } = await orphaned()
    expect(await run(task, { recover: () => undefined as never })).toMatchObject({ _tag: 'InDoubt' })
    expect(task).not.toHaveBeenCalled()
  })
  it('there is no recover', async () => {
    const { run, task } = await orphaned()
    expect(await run(task)).toMatchObject({ _tag: 'Ran' })
    expect(task).toHaveBeenCalledWith(
      expect.objectContaining({ takeover: true, previous: expect.objectContaining({ epoch: 1 }) })
    )
  })
  it('recover is not asked where nobody may have acted', async () => {
    const { run, rival } = onceWorld()
    const recover = vi.fn(() => 'notFound' as const)
    await run(async () => 1, { recover })
    const claim = claimOf(await rival.reserve(asking({ key: 'other' })))
    await rival.release({ claim })
    await run(async () => 1, { key: 'other', recover })
    expect(recover).not.toHaveBeenCalled()
  })
  it('an outcome is found, and somebody else has completed meanwhile', async () => {
    const { run, rival, task } = await orphaned()
    const recover = async () => {
      await rival.completeByOperator({ ...keyOf(), actor: 'eve', note: 'seen', outcome: done })
      return { outcome: 'found' }
    }
    expect(await run(task, { recover })).toMatchObject({ _tag: 'ClaimLost', value: 'found', record: { outcome: done } })
  })
  it('the lease is renewed while recover looks', async () => {
    const { run, task, pass, types } = await orphaned()
    let found = (): void => {}
    const recover = () => new Promise<Recovery<string>>((resolve) => (found = () => resolve({ outcome: 'late' })))
    const running = run(task, { recover })
    await pass(leaseMs * 2)
    found()
    expect(await running).toMatchObject({ _tag: 'Replayed', value: 'late' })
    expect(await types()).toContain('LeaseRenewed')
  })
  it('the caller gives up while recover looks', async () => {
    const { run, task, pass } = await orphaned()
    const gaveUp = new AbortController()
    const recover = async (): Promise<Recovery<string>> => {
      gaveUp.abort()
      return 'notFound'
    }
    expect(await failureOf(run(task, { recover, signal: gaveUp.signal }))).toMatchObject({ _tag: 'Aborted' })
    await pass(0)
    expect(task).not.toHaveBeenCalled()
  })
})
