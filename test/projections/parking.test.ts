import { describe, expect, it } from 'vitest'
import { connect } from '../../src/adapters/sqlite/connection.ts'
import type { Projection } from '../../src/projections.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import { keys, reserveKeys, world } from './set-up.ts'
import { countsOfKeys } from './three-projections.ts'

/** Cannot take completions in, until it is mended. */
const fragile = () => {
  const state = { isMended: false }
  const projection: Projection<{ readonly [type: string]: number }> = {
    ...countsOfKeys,
    evolve: (counts, entry) => {
      if (entry.type === 'Completed' && !state.isMended) throw new Error('no completions, please')
      return countsOfKeys.evolve(counts, entry)
    }
  }
  return { state, projection }
}

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
    await ledger.reserve({
      tenant: { orgId: 'acme', workspaceId: 'shop' },
      operation: 'charge',
      key: 'key 3',
      owner: 'me',
      requestFingerprint: 'f',
      lease: 'none'
    })
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
    await ledger.reserve({
      tenant: { orgId: 'acme', workspaceId: 'shop' },
      operation: 'charge',
      key: 'key 3',
      owner: 'me',
      requestFingerprint: 'f',
      lease: 'none'
    })
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
  it('parks its key, and a skip takes in what came after it', async () => {
    const file = temporaryFile('store.db')
    const before = await openSqliteStore({ file })
    const written = await world({ store: before })
    await reserveKeys(written.ledger, ...keys(6))
    await before.dispose()
    const connection = connect(file)
    // the last of its key: schema 2 names a stream in its first event alone
    connection.exec('UPDATE events SET body = zeroblob(9) WHERE position = 3')
    connection.close()
    const { projections } = await world({ store: await openSqliteStore({ file }) })
    projections.run(countsOfKeys)
    await projections.waitUntil(countsOfKeys.name, 'end')
    const [key, ...others] = await projections.parked(countsOfKeys.name)
    expect(key).toMatchObject({ waiting: 1, revision: '1', tag: 'CorruptStream' })
    expect(others).toEqual([])
    expect(await projections.verify(countsOfKeys)).toMatchObject({ parked: 1, difference: undefined })
    expect(await projections.skip(countsOfKeys, { recordId: key?.recordId ?? '', ...by })).toEqual({
      taken: 0,
      parked: undefined
    })
    expect(await projections.verify(countsOfKeys)).toMatchObject({ parked: 0, difference: undefined })
  })
})
