import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import type { EventStore } from '../../src/application/ports/event-store.ts'
import { failure } from '../../src/domain/failure.ts'
import { openMemoryStore } from '../../src/memory.ts'
import { openSqliteViews } from '../../src/projections.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import { keys, reserveKeys, world } from './set-up.ts'
import { countsOfKeys } from './three-projections.ts'

const setUp = async (store?: EventStore) => {
  const views = await openSqliteViews({ file: temporaryFile('views.db') })
  const made = await world({ views, ...(store && { store }) })
  await reserveKeys(made.ledger, ...keys(40))
  return made
}

describe('a rebuild', () => {
  it('goes beside a runner, which goes on with what it made, by other partitions than before', async () => {
    const { projections, ledger } = await setUp()
    const runner = projections.run(countsOfKeys)
    await projections.waitUntil(countsOfKeys.name, 'end')
    const seen: Array<number> = []
    const rebuilt = await projections.rebuild(countsOfKeys, {
      batchSize: 7,
      onProgress: ({ done, total }) => {
        expect(total).toBe(60)
        seen.push(done)
      }
    })
    expect(rebuilt).toEqual({ events: 60, parked: 0, partitions: 1 })
    expect(seen.length).toBeGreaterThan(5)
    expect(seen.at(-1)).toBe(60)
    await reserveKeys(ledger, 'more', 'and more')
    expect(await projections.waitUntil(countsOfKeys.name, 'end')).toBe(true)
    expect(await projections.verify(countsOfKeys)).toMatchObject({ events: 63, difference: undefined })
    await runner.stop()
    await runner.ended()
  })
  it('is given up by its signal, and leaves nothing behind', async () => {
    const { projections, views } = await setUp()
    await projections.rebuild(countsOfKeys)
    const stop = new AbortController()
    const given = projections.rebuild(countsOfKeys, {
      batchSize: 1,
      signal: stop.signal,
      onProgress: () => stop.abort()
    })
    await expect(given).rejects.toMatchObject({ tag: 'Aborted' })
    expect(await views.generations()()).toMatchObject({ right: [{ standing: 'live' }] })
    expect(await projections.verify(countsOfKeys)).toMatchObject({ events: 60, difference: undefined })
  })
  it('of a store that vanishes meanwhile fails by its tag, and leaves the live view untouched', async () => {
    const memory = await openMemoryStore()
    let isAway = false
    const store: EventStore = {
      ...memory,
      readAll: (...asked) =>
        isAway ? async () => E.left(failure('StoreUnavailable', 'away')) : memory.readAll(...asked),
      subscribe: (options) => ({
        async *[Symbol.asyncIterator]() {
          for await (const message of memory.subscribe(options)) {
            if (isAway) return yield E.left(failure('StoreUnavailable', 'away'))
            yield message
          }
        }
      })
    }
    const { projections } = await setUp(store)
    await projections.rebuild(countsOfKeys)
    const going = projections.rebuild(countsOfKeys, {
      batchSize: 1,
      onProgress: () => {
        isAway = true
      }
    })
    await expect(going).rejects.toMatchObject({ tag: 'StoreUnavailable' })
    isAway = false
    expect(await projections.verify(countsOfKeys)).toMatchObject({ events: 60, difference: undefined })
    expect(await projections.health(countsOfKeys.name)).toMatchObject({ rebuilding: false })
  })
  it('of an empty log is an empty view', async () => {
    const { projections } = await world()
    expect(await projections.rebuild(countsOfKeys)).toEqual({ events: 0, parked: 0, partitions: 1 })
    expect(await projections.view(countsOfKeys).page()).toEqual({ rows: [], next: undefined })
    expect(await projections.verify(countsOfKeys)).toEqual({ events: 0, rows: 0, parked: 0, difference: undefined })
  })
  it('brings a view to a new version, which an older runner then refuses', async () => {
    const { projections } = await setUp()
    const old = projections.run(countsOfKeys)
    await projections.waitUntil(countsOfKeys.name, 'end')
    const next = { ...countsOfKeys, version: 2 }
    await expect(projections.run(next).ended()).rejects.toMatchObject({ tag: 'UnsupportedVersion' })
    await projections.rebuild(next)
    await expect(projections.run(countsOfKeys).ended()).rejects.toMatchObject({ tag: 'UnsupportedVersion' })
    await expect(projections.rebuild(countsOfKeys)).rejects.toMatchObject({ tag: 'UnsupportedVersion' })
    await expect(projections.verify(countsOfKeys)).rejects.toMatchObject({ tag: 'UnsupportedVersion' })
    await old.stop()
  })
})
