import { describe, expect, it } from 'vitest'
import { asking, claimOf, done, keyOf, scriptedLedger } from '../../support/scripted-ledger.ts'

/** Keys of every kind, at 1000 and some after; leases end at 2000. */
const filled = async (options: Parameters<typeof scriptedLedger>[0] = {}) => {
  const world = scriptedLedger(options)
  const { ledger } = world
  const at = (key: string, over: object = {}) => ledger.reserve({ ...asking({ key }), ...over })
  await at('lapsed')
  await at('none', { lease: 'none', nowMs: 1100, owner: 'other' })
  const doubtful = claimOf(await at('doubtful', { lease: 5000 }))
  await ledger.markInDoubt({ claim: doubtful, nowMs: 1200 })
  await at('running', { lease: 9000 })
  const completed = claimOf(await at('completed'))
  await ledger.complete({ claim: completed, outcome: done })
  const settled = claimOf(await at('settled'))
  await ledger.markInDoubt({ claim: settled })
  await ledger.complete({ claim: settled, outcome: done })
  const released = claimOf(await at('released'))
  await ledger.release({ claim: released })
  return world
}

const told = (
  found: ReadonlyArray<{ readonly record: { readonly key: string }; readonly why: string; readonly sinceMs: number }>
) => Object.fromEntries(found.map(({ record, why, sinceMs }) => [record.key, [why, sinceMs]]))

describe('stuck', () => {
  it('tells what is held, has no outcome, and has no lease, a lapsed one, or a doubt; why, and since when', async () => {
    const { ledger } = await filled()
    expect(told(await ledger.stuck({ nowMs: 2000 }))).toEqual({
      lapsed: ['leaseOver', 2000],
      none: ['noLease', 1100],
      doubtful: ['inDoubt', 1200]
    })
    expect(told(await ledger.stuck({ nowMs: 1999 }))).toEqual({ none: ['noLease', 1100], doubtful: ['inDoubt', 1200] })
    expect(Object.keys(told(await ledger.stuck({ nowMs: 1e12 }))).sort()).toEqual([
      'doubtful',
      'lapsed',
      'none',
      'running'
    ])
  })
  it('goes by the ledger’s clock and the skew that it allows for', async () => {
    const { ledger, clock } = await filled({ policy: { clockSkewMs: 100 } })
    clock.now = 2099
    expect(Object.keys(told(await ledger.stuck()))).not.toContain('lapsed')
    clock.now = 2100
    expect(told(await ledger.stuck())).toMatchObject({ lapsed: ['leaseOver', 2000] })
  })
  it('narrows as list does, and is in ascending order of record ids', async () => {
    const { ledger } = await filled()
    expect(told(await ledger.stuck({ nowMs: 2000, owner: 'other' }))).toEqual({ none: ['noLease', 1100] })
    expect(await ledger.stuck({ orgId: 'another' })).toEqual([])
    const ids = (await ledger.stuck({ nowMs: 1e12 })).map(({ record }) => record.recordId)
    expect(ids).toEqual([...ids].sort())
  })
  it('tells the record as it stands', async () => {
    const { ledger } = await filled()
    for (const { record } of await ledger.stuck({ nowMs: 1e12 }))
      expect(await ledger.get(keyOf(record.key))).toEqual(record)
  })
  it('fails where the clock gives no time', async () => {
    const { ledger } = scriptedLedger({ clock: () => Number.NaN })
    await expect(ledger.stuck()).rejects.toMatchObject({ tag: 'InvalidInput' })
  })
})
