import { describe, expect, it } from 'vitest'
import type { ViewSnapshot, ViewStore } from '../../src/application/ports/view-store.ts'
import { createProjections, openMemoryViews, type Projections } from '../../src/projections.ts'
import { forbidUnhandledRejections } from '../support/eventstoredb.ts'
import { keys, reserveKeys, world } from './set-up.ts'
import { countsOfKeys } from './three-projections.ts'

forbidUnhandledRejections()

const mine = new Error('a bug of the store of views')
const throwing = (): never => {
  throw mine
}
const broken = { tag: 'StoreUnavailable', failure: { cause: mine } }

/** Projections of a view that is there, on a store of views with a bug. */
const withBug = async (bug: (views: ViewStore) => Partial<ViewStore>): Promise<Projections> => {
  const views = await openMemoryViews()
  const { store, ledger, projections } = await world({ views })
  await reserveKeys(ledger, ...keys(2))
  await projections.rebuild(countsOfKeys)
  return createProjections({ store, views: { ...views, ...bug(views) } })
}

const reads = (projections: Projections) => [
  () => projections.view(countsOfKeys).page(),
  () => projections.view(countsOfKeys).walk(() => true),
  () => projections.verify(countsOfKeys)
]

describe('a store of views that throws or rejects, which it should not,', () => {
  it.each<[string, () => Partial<ViewStore>]>([
    ['throws', () => ({ generations: throwing })],
    ['rejects', () => ({ generations: () => async () => throwing() })]
  ])('is StoreUnavailable, with its cause, to all who ask: it %s', async (_, bug) => {
    const projections = await withBug(bug)
    const asks = [() => projections.health('a'), () => projections.rebuild(countsOfKeys), ...reads(projections)]
    for (const ask of asks) await expect(ask()).rejects.toMatchObject(broken)
    const runner = projections.run(countsOfKeys, { patienceMs: 0, lease: 'none' })
    await expect(runner.ended()).rejects.toMatchObject(broken)
    await projections.dispose()
  })

  it('is so too where rows are read of what it gave', async () => {
    const projections = await withBug((views) => ({
      snapshot: (id) => async () => {
        const taken = await views.snapshot(id)()
        const odd: Partial<ViewSnapshot> = { rows: throwing }
        return taken._tag === 'Right' && taken.right !== 'Gone'
          ? { ...taken, right: { ...taken.right, ...odd } }
          : taken
      }
    }))
    for (const read of reads(projections)) await expect(read()).rejects.toMatchObject(broken)
  })
})

describe('a clock that throws', () => {
  it('ends a run, which whoever asks is told, and not the process', async () => {
    const { store, ledger } = await world()
    await reserveKeys(ledger, ...keys(1))
    const projections = createProjections({ store, views: await openMemoryViews(), clock: throwing })
    await expect(projections.run(countsOfKeys, { lease: 'none' }).ended()).rejects.toBe(mine)
  })
})
