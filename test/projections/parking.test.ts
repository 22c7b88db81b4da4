import { describe, expect, it } from 'vitest'
import { connect } from '../../src/adapters/sqlite/connection.ts'
import { openSqliteViews, type Projection } from '../../src/projections.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import { keyNamed, keys, reserveKeys, world } from './set-up.ts'
import { countsOfKeys } from './three-projections.ts'

/** Cannot take events of a type in, until it is mended. */
const fragile = (type = 'Completed') => {
  const state = { isMended: false }
  const projection: Projection<{ readonly [type: string]: number }> = {
    ...countsOfKeys,
    evolve: (counts, entry) => {
      if (entry.type === type && !state.isMended) throw new Error('no completions, please')
      return countsOfKeys.evolve(counts, entry)
    }
  }
  return { state, projection }
}

const duplicateOf = (key: string) =>
  ({ ...keyNamed(key), owner: 'me', requestFingerprint: 'f', lease: 'none' }) as const

const by = { actor: 'night shift', reason: 'ticket 7' } as const

describe('an event that cannot be taken in', () => {
  const setUp = async () => {
    const made = await world()
    const [, , , poisoned = ''] = await reserveKeys(made.ledger, ...keys(4).map((key) => key))
    return { ...made, ...fragile(), poisoned }
  }

  it('parks its key alone, with what comes after it; all others go on', async () => {
    const { projections, projection, ledger } = await setUp()
    projections.run(projection)
    await projections.waitUntil(projection.name, 'end')
    await ledger.reserve(duplicateOf('key 3'))
    await reserveKeys(ledger, 'other')
    await projections.waitUntil(projection.name, 'end')
    const parked = await projections.parked(projection.name)
    expect(
      parked.map(({ waiting, revision, lastRevision, reason }) => [waiting, revision, lastRevision, reason])
    ).toEqual(
      expect.arrayContaining([
        [1, '1', '1', 'no completions, please'],
        [2, '1', '2', 'no completions, please']
      ])
    )
    expect(await projections.verify(projection)).toMatchObject({ parked: 2, difference: undefined })
    expect(await projections.health(projection.name)).toMatchObject({ parkedKeys: 2, waitingEvents: 3 })
    expect((await projections.view(projection).page()).rows).toHaveLength(5)
  })
  it('is taken in by a retry once the projection is mended, beside a runner that goes on', async () => {
    const { projections, projection, state, poisoned, ledger } = await setUp()
    projections.run(projection)
    await projections.waitUntil(projection.name, 'end')
    expect(await projections.retry(projection, { recordId: poisoned, ...by })).toMatchObject({
      taken: 0,
      parked: { waiting: 1 }
    })
    state.isMended = true
    expect(await projections.retry(projection, { recordId: poisoned, ...by })).toEqual({ taken: 1, parked: undefined })
    expect(await projections.view(projection).get(poisoned)).toEqual({ Reserved: 1, Completed: 1 })
    await reserveKeys(ledger, 'more', 'and more')
    await projections.waitUntil(projection.name, 'end')
    expect(await projections.verify(projection)).toMatchObject({ parked: 1, difference: undefined })
  })
  it('is left out by a skip, with who and why, also in a rebuild; what waited behind it is taken in', async () => {
    const { projections, projection, poisoned, ledger, views } = await setUp()
    await ledger.reserve(duplicateOf('key 3'))
    projections.run(projection)
    await projections.waitUntil(projection.name, 'end')
    expect(await projections.skip(projection, { recordId: poisoned, ...by })).toEqual({ taken: 1, parked: undefined })
    const wanted = { Reserved: 1, DuplicateSeen: 1 }
    expect(await projections.view(projection).get(poisoned)).toEqual(wanted)
    expect(await projections.verify(projection)).toMatchObject({ difference: undefined })
    expect(await projections.rebuild(projection, { poison: 'park' })).toMatchObject({ parked: 1 })
    expect(await projections.view(projection).get(poisoned)).toEqual(wanted)
    const [build] = await projections.parked(projection.name)
    expect(build?.recordId).not.toBe(poisoned)
    const [{ id } = { id: 0 }] = await views
      .generations(projection.name)()
      .then((all) => (all._tag === 'Right' ? all.right : []))
    const loaded = await views.load({ generation: id, partition: 0 }, [])()
    expect(loaded).toMatchObject({ right: { skipped: [{ recordId: poisoned, revision: '1', ...by }] } })
  })
  it('fails a rebuild, unless it is told to park, and the live view is as it was', async () => {
    const { projections, projection, state, poisoned } = await setUp()
    state.isMended = true
    const runner = projections.run(projection)
    await projections.waitUntil(projection.name, 'end')
    await runner.stop()
    state.isMended = false
    await expect(projections.rebuild(projection)).rejects.toMatchObject({ tag: 'CorruptStream' })
    expect(await projections.view(projection).get(poisoned)).toEqual({ Reserved: 1, Completed: 1 })
    expect(await projections.health(projection.name)).toMatchObject({ rebuilding: false })
    expect(await projections.rebuild(projection, { poison: 'park' })).toMatchObject({ events: 6, parked: 2 })
  })
  it('may also be a state that is no JSON', async () => {
    const { projections, poisoned } = await setUp()
    const dated: Projection<{ readonly at?: Date }> = {
      name: 'dated',
      version: 1,
      initialState: {},
      evolve: (state, { type }) => (type === 'Completed' ? { at: new Date(0) } : state)
    }
    projections.run(dated)
    await projections.waitUntil('dated', 'end')
    expect((await projections.parked('dated')).map(({ recordId }) => recordId)).toContain(poisoned)
    expect(await projections.view(dated).get(poisoned)).toEqual({})
  })
  it.each([
    [{ recordId: 'idem_unknown', ...by }, '$.recordId'],
    [{ recordId: 'idem_unknown', actor: ' ', reason: 'x' }, '$.actor'],
    [{ recordId: 'idem_unknown', actor: 'me', reason: '' }, '$.reason']
  ])('is not dealt with by %o', async (wrong, path) => {
    const { projections, projection } = await setUp()
    projections.run(projection)
    await projections.waitUntil(projection.name, 'end')
    await expect(projections.retry(projection, wrong)).rejects.toMatchObject({ tag: 'InvalidInput', failure: { path } })
  })
})

describe('an event that cannot be read', () => {
  /** Each key has as many events as are told, and some of all these, by their place in the file, are damaged. */
  const damaged = async (names: ReadonlyArray<string>, events: number, positions: ReadonlyArray<number>) => {
    const [file, viewsFile] = [temporaryFile('store.db'), temporaryFile('views.db')]
    const before = await openSqliteStore({ file })
    const written = await world({ store: before })
    const recordIds: Array<string> = []
    for (const name of names) {
      recordIds.push(...(await reserveKeys(written.ledger, name)))
      for (let n = 1; n < events; n++) await written.ledger.reserve(duplicateOf(name))
    }
    await before.dispose()
    const connection = connect(file)
    connection.exec(`UPDATE events SET body = zeroblob(9) WHERE position IN (${positions.join()})`)
    connection.close()
    const made = await world({
      store: await openSqliteStore({ file }),
      views: await openSqliteViews({ file: viewsFile })
    })
    const run = async (projection: Projection<{ readonly [type: string]: number }> = countsOfKeys) => {
      const runner = made.projections.run(projection)
      await made.projections.waitUntil(projection.name, 'end')
      await runner.stop()
    }
    return { ...made, run, recordIds, recordId: recordIds[0] ?? '' }
  }

  it('parks its key, and a skip takes in what came after it', async () => {
    // the last of its key: schema 2 names a stream in its first event alone
    const { projections, run, recordId } = await damaged(['key 0', 'key 1'], 2, [2])
    await run()
    const [key, ...others] = await projections.parked(countsOfKeys.name)
    expect(key).toMatchObject({ waiting: 1, revision: '1', tag: 'CorruptStream' })
    expect(others).toEqual([])
    expect(await projections.verify(countsOfKeys)).toMatchObject({ parked: 1, difference: undefined })
    expect(await projections.skip(countsOfKeys, { recordId, ...by })).toEqual({ taken: 0, parked: undefined })
    expect(await projections.verify(countsOfKeys)).toMatchObject({ parked: 0, difference: undefined })
  })
  it('may have another behind it: a skip comes as far as that one', async () => {
    const { projections, run, recordId } = await damaged(['key'], 5, [2, 4])
    await run()
    expect(await projections.parked(countsOfKeys.name)).toMatchObject([{ waiting: 4, revision: '1', position: '2' }])
    expect(await projections.retry(countsOfKeys, { recordId, ...by })).toMatchObject({
      taken: 0,
      parked: { waiting: 4, revision: '1', position: '2' }
    })
    expect(await projections.skip(countsOfKeys, { recordId, ...by })).toMatchObject({
      taken: 1,
      parked: { waiting: 2, revision: '3', tag: 'CorruptStream' }
    })
    expect(await projections.skip(countsOfKeys, { recordId, ...by })).toEqual({ taken: 1, parked: undefined })
    expect(await projections.view(countsOfKeys).get(recordId)).toEqual({ Reserved: 1, DuplicateSeen: 2 })
    expect(await projections.rebuild(countsOfKeys)).toMatchObject({ parked: 0 })
    expect(await projections.verify(countsOfKeys)).toMatchObject({ parked: 0, difference: undefined })
  })
  it('may lie behind one that can be read: that one is not taken for it', async () => {
    const { projections, run, recordId } = await damaged(['key'], 3, [3])
    const { projection, state } = fragile('DuplicateSeen')
    await run(projection)
    state.isMended = true
    expect(await projections.retry(projection, { recordId, ...by })).toMatchObject({
      taken: 1,
      parked: { waiting: 1, revision: '2', tag: 'CorruptStream' }
    })
  })
  it('stays left out, however many were retried and then skipped', async () => {
    const { projections, run, recordIds } = await damaged(['a', 'b'], 4, [3, 4, 7, 8])
    await run()
    for (const recordId of [...recordIds, ...recordIds]) {
      await projections.retry(countsOfKeys, { recordId, ...by })
      await projections.skip(countsOfKeys, { recordId, ...by })
    }
    expect(await projections.parked(countsOfKeys.name)).toEqual([])
    expect(await projections.verify(countsOfKeys)).toMatchObject({ parked: 0, difference: undefined })
    expect(await projections.rebuild(countsOfKeys)).toMatchObject({ parked: 0 })
  })
})
