import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../../src/adapters/memory/event-store.ts'
import { createLedger, type Ledger } from '../../../../src/composition/ledger.ts'
import { asking, claimOf, done, failureOf, idOf, keyOf } from '../../../support/scripted-ledger.ts'

/** The callers' clock runs backwards while the store's goes on: recorded at 10, 20, … with their own times beside. */
const told = async () => {
  let recordedAt = 0
  const store = memoryStore({ now: () => recordedAt })
  const ledger = createLedger({ store, clock: () => 9_999 })
  const at = async <A>(time: number, what: () => Promise<A>): Promise<A> => {
    recordedAt = time
    return what()
  }
  const claim = claimOf(await at(10, () => ledger.reserve(asking({ nowMs: 5000 }))))
  await at(20, () => ledger.reserve(asking({ nowMs: 4000, owner: 'you' })))
  await at(30, () => ledger.reserve(asking({ nowMs: 3000, requestFingerprint: 'other' })))
  await at(40, () => ledger.complete({ claim, outcome: done, nowMs: 2000, expiresAtMs: 8000 }))
  await at(50, () => ledger.expire({ recordId: claim.recordId, nowMs: 8000 }))
  await at(60, () => ledger.reserve(asking({ nowMs: 8500, owner: 'third' })))
  return ledger
}

const asOfTime = async (ledger: Ledger, timeMs: number) => ledger.asOf({ ...keyOf(), at: { timeMs } })

describe('a key as of a moment', () => {
  it('was never seen before its first event', async () => {
    const ledger = await told()
    expect(await asOfTime(ledger, 0)).toEqual({ _tag: 'NeverSeen' })
    expect(await asOfTime(ledger, 9)).toEqual({ _tag: 'NeverSeen' })
  })
  it.each([
    [10, 0n, { _tag: 'Held', record: { status: 'reserved', duplicateCount: 0, lastSeenAtMs: 5000 } }],
    [19, 0n, { _tag: 'Held', record: { status: 'reserved', duplicateCount: 0 } }],
    [20, 1n, { _tag: 'Held', record: { duplicateCount: 1, lastSeenAtMs: 4000 } }],
    [30, 2n, { _tag: 'Held', record: { status: 'conflicted', conflictCount: 1 } }],
    [40, 3n, { _tag: 'Held', record: { status: 'completed', outcome: { outcomeKind: 'done' } } }],
    [50, 4n, { _tag: 'Vacant', ended: { reason: 'retention', record: { epoch: 1 } } }],
    [60, 5n, { _tag: 'Held', record: { epoch: 2, owner: 'third', duplicateCount: 0 } }],
    [10 ** 9, 5n, { _tag: 'Held', record: { epoch: 2 } }]
  ])(
    'by the time of recording %i is the fold up to revision %i, and by that revision the same',
    async (timeMs, revision, state) => {
      const ledger = await told()
      const byTime = await asOfTime(ledger, timeMs)
      expect(byTime).toMatchObject({ ...state, revision })
      expect(await ledger.asOf({ ...keyOf(), at: { revision } })).toEqual(byTime)
      expect(await ledger.asOf({ ...keyOf(), at: { revision: Number(revision) } })).toEqual(byTime)
    }
  )
  it('beyond its last revision is InvalidInput, and of a key never seen it is NeverSeen', async () => {
    const ledger = await told()
    expect(await failureOf(ledger.asOf({ ...keyOf(), at: { revision: 6n } }))).toMatchObject({
      _tag: 'InvalidInput',
      path: '$.at.revision',
      message: '$.at.revision is beyond the last one of the key, which is 5'
    })
    expect(await ledger.asOf({ ...keyOf('never'), at: { revision: 6n } })).toEqual({ _tag: 'NeverSeen' })
  })
  it('by a store whose clock went back is the longest beginning that ends by then', async () => {
    let recordedAt = 100
    const ledger = createLedger({ store: memoryStore({ now: () => recordedAt }) })
    await ledger.reserve(asking())
    recordedAt = 50
    await ledger.reserve(asking())
    recordedAt = 200
    await ledger.reserve(asking())
    expect(await asOfTime(ledger, 60)).toMatchObject({ revision: 1n })
    expect(await asOfTime(ledger, 49)).toEqual({ _tag: 'NeverSeen' })
  })
})

describe('what two moments differ in', () => {
  it('is the fields of the record, and the events between', async () => {
    const ledger = await told()
    const found = await ledger.diff({ ...keyOf(), from: { timeMs: 10 }, to: { revision: 3 } })
    expect(found).toMatchObject({ from: { revision: 0n }, to: { revision: 3n } })
    expect(found.fields).toEqual([
      { field: 'status', before: 'reserved', after: 'completed' },
      { field: 'lastSeenAtMs', before: 5000, after: 2000 },
      { field: 'expiresAtMs', before: undefined, after: 8000 },
      { field: 'outcome', before: undefined, after: { outcomeKind: 'done', completedAtMs: 1, details: null } },
      { field: 'conflictCount', before: 0, after: 1 },
      { field: 'conflictFingerprints', before: [], after: ['other'] },
      { field: 'duplicateCount', before: 0, after: 1 }
    ])
    expect(found.events.map(({ type, revision }) => [type, revision])).toEqual([
      ['DuplicateSeen', 1n],
      ['ConflictRecorded', 2n],
      ['Completed', 3n]
    ])
  })
  it('is all of the record where nobody held the key at one of them, and nothing at one and the same', async () => {
    const ledger = await told()
    const born = await ledger.diff({ ...keyOf(), from: { timeMs: 0 }, to: { timeMs: 10 } })
    expect(born.from).toEqual({ _tag: 'NeverSeen' })
    expect(born.fields).toContainEqual({ field: 'recordId', before: undefined, after: idOf() })
    const same = await ledger.diff({ ...keyOf(), from: { timeMs: 10 }, to: { timeMs: 19 } })
    expect([same.fields, same.events]).toEqual([[], []])
    const never = await ledger.diff({ ...keyOf('never'), from: { timeMs: 0 }, to: { timeMs: 10 } })
    expect(never).toEqual({ from: { _tag: 'NeverSeen' }, to: { _tag: 'NeverSeen' }, fields: [], events: [] })
  })
  it('is InvalidInput backwards', async () => {
    const ledger = await told()
    expect(await failureOf(ledger.diff({ ...keyOf(), from: { revision: 3 }, to: { revision: 2 } }))).toMatchObject({
      path: '$.to'
    })
  })
})

describe('why a reserve would have been answered so', () => {
  const ask = (over: object = {}) => ({ ...asking(), claimId: 'claim-of-mine', ...over })
  const rows: ReadonlyArray<readonly [string, number, object, object]> = [
    ['free', 0, {}, { _tag: 'Reserved', takeover: false, record: { epoch: 1 } }],
    ['inFlight', 10, { nowMs: 5500 }, { _tag: 'Duplicate', record: { duplicateCount: 1 } }],
    ['leaseOver', 10, { nowMs: 6000 }, { _tag: 'Reserved', takeover: true, record: { epoch: 2 } }],
    ['otherRequest', 10, { requestFingerprint: 'x' }, { _tag: 'Conflict', record: { conflictCount: 1 } }],
    ['replay', 40, { nowMs: 6000 }, { _tag: 'Duplicate', record: { outcome: { outcomeKind: 'done' } } }],
    ['retentionOver', 40, { nowMs: 8000 }, { _tag: 'Reserved', takeover: false, record: { epoch: 2 } }],
    ['free', 50, {}, { _tag: 'Reserved', takeover: false, previous: { epoch: 1 } }]
  ]
  it.each(rows)('%s, as of %i', async (row, timeMs, over, answer) => {
    const ledger = await told()
    const explained = await ledger.explain({ ...ask(over), at: { timeMs } })
    expect(explained).toMatchObject({ row, answer })
    expect(explained.why).not.toBe('')
    // nobody is given a claim that does not stand
    expect(explained.answer).not.toHaveProperty('claim')
    expect(JSON.stringify(explained)).not.toContain('claim-of-mine')
  })
  it('is decided at the moment itself where no other time is said', async () => {
    const ledger = await told()
    expect((await ledger.explain({ ...ask(), at: { timeMs: 9_499 } })).row).toBe('inFlight')
    expect((await ledger.explain({ ...ask(), at: { timeMs: 9_500 } })).row).toBe('leaseOver')
    expect((await ledger.explain({ ...ask(), at: { revision: 0 } })).row).toBe('inFlight')
    expect((await ledger.explain({ ...asking({ key: 'never' }), at: { revision: 0 } })).answer).toMatchObject({
      record: { firstSeenAtMs: 9_999 }
    })
  })
  it('names the events that it would have written, and writes none', async () => {
    const ledger = await told()
    const before = await ledger.history(keyOf())
    const { events } = await ledger.explain({ ...ask({ nowMs: 6000 }), at: { revision: 1 } })
    expect(events).toMatchObject([{ type: 'Expired', data: { reason: 'lease' } }, { type: 'Reserved' }])
    expect(await ledger.history(keyOf())).toEqual(before)
  })
  it('is given up by the signal of its request', async () => {
    const signal = AbortSignal.abort()
    const asked = (await told()).explain({ ...ask({ signal }), at: { revision: 1 } })
    expect(await failureOf(asked)).toMatchObject({ _tag: 'Aborted' })
  })
  it('is the refusal of a request that no reserve takes', async () => {
    const ledger = await told()
    expect(await failureOf(ledger.explain({ ...ask({ lease: 0 }), at: { revision: 1 } }))).toMatchObject({
      path: '$.lease'
    })
    expect(
      await failureOf(ledger.explain({ ...ask({ lease: Number.MAX_SAFE_INTEGER }), at: { timeMs: 5 } }))
    ).toMatchObject({
      _tag: 'InvalidInput'
    })
  })
})

const bads: ReadonlyArray<readonly [unknown, string]> = [
  [undefined, '$.at'],
  [null, '$.at'],
  [7, '$.at'],
  [{}, '$.at'],
  [{ timeMs: 1, revision: 1 }, '$.at'],
  [{ timeMs: -1 }, '$.at.timeMs'],
  [{ timeMs: '2026' }, '$.at.timeMs'],
  [{ revision: -1 }, '$.at.revision'],
  [{ revision: 0.5 }, '$.at.revision'],
  [{ revision: '1' }, '$.at.revision']
]

describe('a moment that is none', () => {
  it.each(bads)('%o is InvalidInput', async (at, path) => {
    const ledger = createLedger({ store: memoryStore() })
    const request = { ...asking(), at, from: at, to: at } as never
    expect(await failureOf(ledger.asOf(request))).toMatchObject({ _tag: 'InvalidInput', path })
    expect(await failureOf(ledger.explain(request))).toMatchObject({ _tag: 'InvalidInput', path })
    expect(await failureOf(ledger.diff(request))).toMatchObject({ path: path.replace('at', 'from') })
  })
  it.each(['asOf', 'explain', 'diff', 'whatIf'] as const)('no request at all is InvalidInput: %s', async (name) => {
    const ledger = createLedger({ store: memoryStore() })
    for (const bad of [undefined, null, 7]) {
      expect(await failureOf(ledger[name](bad as never))).toMatchObject({ _tag: 'InvalidInput', path: '$' })
    }
  })
})
