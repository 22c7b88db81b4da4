import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { type Checkpoint, createProjections, openMemoryViews, type Sink } from '../../src/projections.ts'
import { eventually } from '../support/eventually.ts'
import { keys, reserveKeys, world } from './set-up.ts'
import { countsOfKeys } from './three-projections.ts'

/** A sink that keeps everything in memory, and counts what it was handed. */
const memorySink = () => {
  const seen: Array<string> = []
  const begun: Array<number> = []
  let at: Checkpoint | undefined
  const sink: Sink = {
    name: 'sink',
    version: 1,
    begin: (_, epoch) => async () => {
      begun.push(epoch)
      return E.right(at)
    },
    apply:
      ({ items, checkpoint }) =>
      async () => {
        seen.push(...items.flatMap((item) => (item._tag === 'Event' ? [item.entry.type] : [])))
        at = checkpoint
        return E.right(undefined)
      }
  }
  return { sink, seen, begun }
}

describe('one runner at a time', () => {
  it('has a projection; another one waits until it lets go, and goes on from there with a higher epoch', async () => {
    const { ledger, projections, store, views } = await world()
    const others = createProjections({ store, views, leaseMs: 400 })
    const { sink, seen, begun } = memorySink()
    const first = projections.runSink(sink)
    await reserveKeys(ledger, ...keys(2))
    await eventually(() => expect(seen).toHaveLength(3))
    const second = others.runSink(sink)
    await first.stop()
    await eventually(() => expect(begun).toEqual([1, 2]))
    await reserveKeys(ledger, 'later')
    await eventually(() => expect(seen).toHaveLength(4))
    await second.stop()
    await others.dispose()
  })
  it('is not to be had from one that was overtaken: it writes nothing', async () => {
    const { ledger, store } = await world()
    const views = await openMemoryViews()
    const projections = createProjections({ store, views })
    await reserveKeys(ledger, ...keys(2))
    projections.run(countsOfKeys)
    await projections.waitUntil(countsOfKeys.name, 'end')
    await projections.dispose()
    const commits: Array<unknown> = []
    const zombie = createProjections({
      store,
      // it believes that nobody was there since: an epoch too low
      views: {
        ...views,
        fence: () => async () => E.right('Committed' as const),
        commit: (commit) => async () => {
          const done = await views.commit({ ...commit, epoch: 0 })()
          commits.push(E.isRight(done) ? done.right : done.left)
          return done
        }
      }
    })
    const runner = zombie.run(countsOfKeys, { lease: 'none', patienceMs: 0 })
    await reserveKeys(ledger, 'later')
    await expect(runner.ended()).rejects.toMatchObject({ tag: 'Contended' })
    expect(commits.length).toBeGreaterThan(0)
    expect(new Set(commits)).toEqual(new Set(['Fenced']))
    expect((await projections.view(countsOfKeys).page()).rows).toHaveLength(2)
    await zombie.dispose()
  })
  it('may be run without a lease after one with a lease, and that again', async () => {
    const { ledger, projections } = await world()
    for (const [n, lease] of (['none', undefined, 'none', undefined] as const).entries()) {
      await reserveKeys(ledger, `key ${n}`)
      const runner = projections.run(countsOfKeys, { lease, patienceMs: 0 })
      expect(await Promise.race([projections.waitUntil(countsOfKeys.name, 'end'), runner.ended()])).toBe(true)
      await runner.stop()
      await runner.ended()
    }
    expect(await projections.verify(countsOfKeys)).toMatchObject({ events: 4, difference: undefined })
  })
  it('leaves no trace of its leases in the log that it follows', async () => {
    const { ledger, projections } = await world()
    const { sink, seen } = memorySink()
    const runner = projections.runSink(sink, { partitions: 2 })
    await reserveKeys(ledger, 'one')
    await eventually(() => expect(seen).toEqual(['Reserved']))
    await runner.stop()
    expect((await ledger.list()).map(({ operation }) => operation)).toEqual(['charge'])
  })
})

describe('a sink', () => {
  it('that throws is tried again, until patience is over, and is then told', async () => {
    const { projections } = await world()
    const retried: Array<string> = []
    const broken: Sink = {
      name: 'broken',
      version: 1,
      begin: () => () => {
        throw new Error('out of order')
      },
      apply: () => async () => E.right(undefined)
    }
    const runner = projections.runSink(broken, {
      patienceMs: 60,
      onRetry: (_, { _tag }) => void retried.push(_tag)
    })
    await expect(runner.ended()).rejects.toMatchObject({ tag: 'StoreUnavailable' })
    expect(new Set(retried)).toEqual(new Set(['StoreUnavailable']))
  })
})
