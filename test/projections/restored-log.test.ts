import { copyFileSync, rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { connect } from '../../src/adapters/sqlite/connection.ts'
import { createLedger } from '../../src/index.ts'
import {
  createProjections,
  openMemoryViews,
  openSqliteViews,
  type Projections,
  type Sink
} from '../../src/projections.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import { keys, reserveKeys, world } from './set-up.ts'
import { countsOfKeys } from './three-projections.ts'

const stopped = async (projections: Projections, partitions: number): Promise<void> => {
  const { stop, ended } = projections.run(countsOfKeys, { partitions })
  expect(await projections.waitUntil(countsOfKeys.name, 'end')).toBe(true)
  await stop()
  await ended()
}

/** A file that is copied after some keys, goes on with events of another category, and is then the copy again. */
const restored = async (file: string, read: (store: Awaited<ReturnType<typeof openSqliteStore>>) => Promise<void>) => {
  const before = await openSqliteStore({ file })
  await reserveKeys(createLedger({ store: before }), ...keys(5))
  await before.dispose()
  copyFileSync(file, `${file}.backup`)
  const between = await openSqliteStore({ file })
  await reserveKeys(createLedger({ store: between, category: 'others' }), ...keys(20))
  await read(between)
  await between.dispose()
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
  copyFileSync(`${file}.backup`, file)
  return openSqliteStore({ file })
}

describe('a log that was restored, and holds all that a view took in', () => {
  it.each([1, 3])(
    'is taken in from there on, though the view had read further in it, by %d partitions',
    async (partitions) => {
      const views = await openMemoryViews()
      const store = await restored(temporaryFile('store.db'), async (before) => {
        const projections = createProjections({ store: before, views, leaseMs: 1000 })
        await stopped(projections, partitions)
        await projections.dispose()
      })
      const { ledger, projections } = await world({ store, views })
      // as long as nothing new is there the view is level
      expect(await projections.waitUntil(countsOfKeys.name, 'end', { withinMs: 0 })).toBe(true)
      await reserveKeys(ledger, ...keys(12).slice(5))
      expect(await projections.waitUntil(countsOfKeys.name, 'end', { withinMs: 0 })).toBe(false)
      const health = await projections.health(countsOfKeys.name)
      expect(health?.partitions.reduce((sum, { lagEvents }) => sum + lagEvents, 0)).toBe(10)
      const moment = await projections.taskEither.view(countsOfKeys).walk(() => true)()
      expect(moment).toMatchObject({ right: { events: 7, behind: { events: 10 } } })
      await stopped(projections, partitions)
      expect(await projections.verify(countsOfKeys)).toMatchObject({ events: 17, rows: 12, difference: undefined })
    }
  )
  it('is handed to a sink from there on', async () => {
    let checkpoint: Parameters<Sink['apply']>[0]['checkpoint'] | undefined
    const seen = new Set<string>()
    const sink: Sink = {
      ...{ name: 'seen', version: 1 },
      begin: () => async () => ({ _tag: 'Right', right: checkpoint }),
      apply: (batch) => async () => {
        expect(batch.after).toBe(checkpoint?.position ?? 'start')
        checkpoint = batch.checkpoint
        for (const { recordId } of batch.items) seen.add(recordId)
        return { _tag: 'Right', right: undefined }
      }
    }
    const fed = async (projections: Projections, count: number): Promise<void> => {
      const stop = new AbortController()
      const { ended } = projections.runSink(sink, {
        signal: stop.signal,
        onCheckpoint: (_, { position }) => {
          if (seen.size === count && position === checkpoint?.position) stop.abort()
        }
      })
      await ended()
      expect(seen.size).toBe(count)
    }
    const store = await restored(temporaryFile('store.db'), async (before) => {
      const projections = createProjections({ store: before, views: await openMemoryViews(), leaseMs: 1000 })
      await fed(projections, 5)
      // as after hours in which others alone wrote
      if (checkpoint !== undefined) checkpoint = { ...checkpoint, position: '25' }
      await projections.dispose()
    })
    const { ledger, projections } = await world({ store })
    await reserveKeys(ledger, ...keys(8).slice(5))
    await fed(projections, 8)
  })
})

describe('a checkpoint that is ahead of the log', () => {
  it('is why a store is not opened that keeps its view', async () => {
    const file = temporaryFile('store.db')
    const store = await openSqliteStore({ file, inline: [countsOfKeys] })
    await reserveKeys(createLedger({ store }), ...keys(3))
    await store.dispose()
    const connection = connect(file)
    connection.exec(`UPDATE checkpoints SET position = '999'`)
    connection.close()
    await expect(openSqliteStore({ file, inline: [countsOfKeys] })).rejects.toMatchObject({ tag: 'NotAStore' })
    const plain = await openSqliteStore({ file })
    const { ledger, projections } = await world({ store: plain, views: await openSqliteViews({ file }) })
    await reserveKeys(ledger, 'later')
    expect(await projections.waitUntil(countsOfKeys.name, 'end', { withinMs: 0 })).toBe(false)
    await projections.rebuild(countsOfKeys)
    const again = await openSqliteStore({ file, inline: [countsOfKeys] })
    expect(await projections.verify(countsOfKeys)).toMatchObject({ rows: 4, difference: undefined })
    await again.dispose()
  })
  it('is not level where it is of no partition, or of too few', async () => {
    const file = temporaryFile('store.db')
    const store = await openSqliteStore({ file, inline: [countsOfKeys] })
    const { ledger, projections } = await world({ store, views: await openSqliteViews({ file }) })
    await reserveKeys(ledger, 'a')
    await projections.rebuild(countsOfKeys, { partitions: 3 })
    for (const which of ['partition = 1', 'true']) {
      const connection = connect(file)
      connection.exec(`DELETE FROM checkpoints WHERE ${which}`)
      connection.close()
      await reserveKeys(ledger, which)
      const gone = { tag: 'StoreUnavailable', message: expect.stringContaining('the build of counts_of_keys') }
      await expect(projections.health(countsOfKeys.name)).rejects.toMatchObject(gone)
      await expect(projections.waitUntil(countsOfKeys.name, 'end')).rejects.toMatchObject(gone)
      await expect(projections.verify(countsOfKeys)).rejects.toMatchObject(gone)
      await expect(projections.view(countsOfKeys).page()).rejects.toMatchObject(gone)
    }
  })
})
