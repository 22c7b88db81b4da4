import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/adapters/memory/event-store.ts'
import { recordId } from '../../../src/composition/hashing.ts'
import { createLedger } from '../../../src/composition/ledger.ts'

const tenant = { orgId: 'o', workspaceId: 'w' }
const key = { tenant, operation: 'op', key: 'k' }
const byId = { recordId: recordId(tenant, 'op', 'k') }

const ledger = async () => {
  const made = createLedger({ store: memoryStore({ now: () => 1000 }), clock: () => 1000 })
  await made.reserve({ ...key, owner: 'me', requestFingerprint: 'f', lease: 'none' })
  return made
}

describe('a key by its record id', () => {
  it('is the key', async () => {
    const { get, history, asOf, diff, verify } = await ledger()
    expect((await get(byId))?.key).toBe('k')
    expect(await get(byId)).toEqual(await get(key))
    expect(await history(byId)).toEqual(await history(key))
    const at = { revision: 0 }
    expect(await asOf({ ...byId, at })).toEqual(await asOf({ ...key, at }))
    expect(await diff({ ...byId, from: at, to: at })).toEqual(await diff({ ...key, from: at, to: at }))
    expect(await verify({ of: byId })).toMatchObject({ events: 1, findingCount: 0 })
  })
  it('that nobody holds is none', async () => {
    const { get, history } = await ledger()
    const unknown = { recordId: recordId(tenant, 'op', 'other') }
    expect(await get(unknown)).toBeUndefined()
    expect(await history(unknown)).toEqual([])
  })
  it('may stand beside the key, as in a record', async () => {
    const { get, history, asOf, diff, verify } = await ledger()
    const record = (await get(byId)) ?? expect.fail('no record')
    expect(await get(record)).toEqual(record)
    expect(await history(record)).toEqual(await history(byId))
    const at = { revision: 0 }
    expect(await asOf({ ...record, at })).toEqual(await asOf({ ...byId, at }))
    expect(await diff({ ...record, from: at, to: at })).toEqual(await diff({ ...byId, from: at, to: at }))
    expect(await verify({ of: record })).toMatchObject({ events: 1, findingCount: 0 })
  })
  it('is refused where it is none, or that of another key than the one beside it', async () => {
    const { get, history } = await ledger()
    const refused = (path: string) => ({ tag: 'InvalidInput', failure: { path } })
    await expect(get({ recordId: 'idem_12' })).rejects.toMatchObject(refused('$.recordId'))
    await expect(history({ recordId: '' })).rejects.toMatchObject(refused('$.recordId'))
    const other = { ...key, ...byId, key: 'other' }
    await expect(get(other)).rejects.toMatchObject(refused('$.recordId'))
    await expect(get({ ...byId, key: 'k' } as never)).rejects.toMatchObject(refused('$.operation'))
  })
})
