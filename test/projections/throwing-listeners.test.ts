import { describe, expect, it } from 'vitest'
import { forbidUnhandledRejections } from '../support/eventstoredb.ts'
import { keys, reserveKeys, world } from './set-up.ts'
import { countsOfKeys } from './three-projections.ts'

forbidUnhandledRejections()

const mine = new Error('the listener itself')
const listener = (): never => {
  throw mine
}
const rejecting = async (): Promise<never> => {
  throw mine
}
const aborted = (work: string) => ({
  tag: 'Aborted',
  failure: { message: `a listener of ${work} threw`, cause: mine }
})

/** Two keys, and a view of the first of them. */
const started = async () => {
  const made = await world()
  await reserveKeys(made.ledger, ...keys(1))
  await made.projections.rebuild(countsOfKeys)
  await reserveKeys(made.ledger, 'another')
  return made
}

describe.each([
  ['throws', listener],
  ['rejects', rejecting]
])('a listener that %s', (_, listener) => {
  it('of checkpoints: the run ends, and says why; what was taken in stays, and the next run goes on', async () => {
    const { projections } = await started()
    const runner = projections.run(countsOfKeys, { onCheckpoint: listener })
    await expect(runner.ended()).rejects.toMatchObject(aborted('the run of counts_of_keys'))
    await runner.stop()
    const next = projections.run(countsOfKeys)
    expect(await projections.waitUntil(countsOfKeys.name, 'end')).toBe(true)
    await next.stop()
    expect(await projections.verify(countsOfKeys)).toMatchObject({ difference: undefined })
  })

  it('of a rebuild: it is given up, nothing of it stays, and the live view is as it was', async () => {
    const { projections, views } = await started()
    const before = await views.generations()()
    await expect(projections.rebuild(countsOfKeys, { onProgress: listener })).rejects.toMatchObject(
      aborted('the rebuild of counts_of_keys')
    )
    expect(await views.generations()()).toEqual(before)
  })
})

describe('a listener of verify that throws', () => {
  it('ends it, and it says why', async () => {
    const { projections } = await started()
    await expect(projections.verify(countsOfKeys, { onProgress: listener })).rejects.toMatchObject(
      aborted('verify of counts_of_keys')
    )
  })
  it('after what it was told of is done is heard of no more, and ends no process', async () => {
    const { projections } = await started()
    let reject = (_: Error): void => {}
    const late = new Promise<void>((_, rejected) => {
      reject = rejected
    })
    await projections.verify(countsOfKeys, { onProgress: () => late })
    reject(mine)
  })
})

describe('the taker of a walk', () => {
  const walked = async (take: (row: string) => unknown) => {
    const { projections } = await started()
    await projections.rebuild(countsOfKeys)
    const rows: Array<string> = []
    const told = projections.view(countsOfKeys).walk((row) => {
      rows.push(row)
      return take(row)
    })
    return { told, rows }
  }
  it.each([
    ['throws', listener],
    ['rejects', rejecting]
  ])('that %s ends it, with what it threw', async (_, take) => {
    const { told, rows } = await walked(take)
    await expect(told).rejects.toBe(mine)
    expect(rows).toHaveLength(1)
  })
  it.each([
    ['false', () => false, 1],
    ['a promise of false', async () => false, 1],
    ['a promise of true', async () => true, 2],
    ['nothing', () => undefined, 2]
  ])('that gives %s is heard', async (_, take, count) => {
    const { told, rows } = await walked(take)
    expect(await told).toMatchObject({ events: 2 })
    expect(rows).toHaveLength(count)
  })
  it('is waited for', async () => {
    let running = 0
    let most = 0
    const { told } = await walked(async () => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, 5))
      running--
    })
    await told
    expect([most, running]).toEqual([1, 0])
  })
})
