import { describe, expect, it } from 'vitest'
import { asking, claimOf, done, failureOf, scriptedLedger, streamOf } from '../../support/scripted-ledger.ts'

const filled = async () => {
  const world = scriptedLedger()
  const { ledger } = world
  const at = async (key: string, over: object = {}) => claimOf(await ledger.reserve({ ...asking({ key }), ...over }))
  const completing = async (key: string, took: number, over: object = {}) =>
    ledger.complete({ claim: await at(key, over), outcome: { ...done, completedAtMs: 1000 + took } })
  await completing('quick', 10)
  await completing('slow', 1000)
  await completing('early', -1)
  await completing('late', 5, { expiresAtMs: 2000 })
  await at('in flight')
  await ledger.release({ claim: await at('released') })
  await ledger.markInDoubt({ claim: await at('in doubt') })
  await at('other', { operation: 'other op' })
  const conflicting = { requestFingerprint: 'fp 2' }
  await ledger.reserve({ ...asking({ key: 'quick', ...conflicting, owner: 'you' }), nowMs: 1500 })
  await ledger.reserve({ ...asking({ key: 'in flight', ...conflicting }), nowMs: 1200 })
  await ledger.reserve({ ...asking({ key: 'other', ...conflicting }), operation: 'other op' })
  // the same request again after its retention, and another one
  await ledger.sweep({ nowMs: 2000 })
  await ledger.reserve({ ...asking({ key: 'late', lease: 'none' }), nowMs: 2500 })
  return world
}

const keys = { reserved: 0, completed: 0, conflicted: 0, inDoubt: 0, free: 0 }

describe('stats', () => {
  it('tells how keys stand, what work took, and what came again too late', async () => {
    const { ledger } = await filled()
    const { operations, lateDuplicates, beforeReserved, ...rest } = await ledger.stats()
    expect(rest).toMatchObject({ source: 'scan', events: 19, bucketMs: 3_600_000 })
    expect(operations).toMatchObject([
      {
        operation: 'op',
        keys: { reserved: 1, completed: 2, conflicted: 2, inDoubt: 1, free: 1 },
        timeToComplete: { count: 3, most: 1000 }
      },
      { operation: 'other op', keys: { ...keys, conflicted: 1 }, timeToComplete: undefined }
    ])
    expect(lateDuplicates).toMatchObject({ count: 1, most: 500 })
    expect(beforeReserved).toBe(1)
    expect(operations[0]?.timeToComplete?.p50).toBeCloseTo(10, 0)
  })
  it('counts events by when they were recorded', async () => {
    const { ledger } = await filled()
    const { buckets } = await ledger.stats({ bucketMs: 1e12 })
    const sums = buckets.map(({ counts }) => counts)
    expect(sums).toEqual([{ Reserved: 9, Completed: 4, Expired: 2, MarkedInDoubt: 1, ConflictRecorded: 3 }])
  })
  it('narrows by whose keys they are; by time what is counted, and not how keys stand', async () => {
    const { ledger } = await filled()
    expect(await ledger.stats({ operation: 'other op' })).toMatchObject({
      events: 2,
      operations: [{ keys: { conflicted: 1 } }]
    })
    const none = await ledger.stats({ untilMs: 1 })
    expect(none).toMatchObject({ events: 0, buckets: [], lateDuplicates: undefined, beforeReserved: 0 })
    expect(none.operations[0]).toMatchObject({ keys: { completed: 2 }, timeToComplete: undefined })
  })
  it('is empty for an empty log', async () => {
    expect(await scriptedLedger().ledger.stats()).toEqual({
      source: 'scan',
      events: 0,
      operations: [],
      bucketMs: 3_600_000,
      buckets: [],
      lateDuplicates: undefined,
      beforeReserved: 0
    })
  })
  it.each([0, -1, 1.5, '1h', null])('refuses times of %j', async (bucketMs) => {
    const failed = await failureOf(scriptedLedger().ledger.stats({ bucketMs } as never))
    expect(failed).toMatchObject({ _tag: 'InvalidInput', path: '$.bucketMs' })
  })
})

describe('conflicts', () => {
  it('are counted by operation and fingerprint, the most frequent first', async () => {
    const { ledger } = await filled()
    expect(await ledger.conflicts()).toEqual({
      source: 'scan',
      conflicts: [
        {
          operation: 'op',
          requestFingerprint: 'fp 2',
          count: 2,
          firstAtMs: 1200,
          lastAtMs: 1500,
          owners: ['me', 'you']
        },
        {
          operation: 'other op',
          requestFingerprint: 'fp 2',
          count: 1,
          firstAtMs: 1000,
          lastAtMs: 1000,
          owners: ['me']
        }
      ],
      unlisted: 0
    })
  })
  it('narrow as events do', async () => {
    const { ledger } = await filled()
    expect((await ledger.conflicts({ operation: 'other op' })).conflicts).toHaveLength(1)
    expect((await ledger.conflicts({ untilMs: 1 })).conflicts).toEqual([])
    expect(await failureOf(ledger.conflicts({ fromMs: 'then' } as never))).toMatchObject({ path: '$.fromMs' })
  })
  it.each(['conflicts', 'stats'] as const)('and stats name what cannot be read: %s', async (report) => {
    const { ledger, store } = await filled()
    const garbage = { id: '00000000-0000-4000-8000-000000000001', type: 'Completed', data: '{}', metadata: '{}' }
    const stream = streamOf('slow')
    await store.real.append({ stream, expected: { _tag: 'Exactly', revision: 1n }, events: [garbage] })()
    expect(await failureOf(ledger[report]())).toMatchObject({ _tag: 'CorruptStream' })
    const told: Array<unknown> = []
    await ledger[report]({ onUnreadable: (one) => told.push(one) })
    expect(told).toMatchObject([{ stream, revision: 2n }])
  })
})
