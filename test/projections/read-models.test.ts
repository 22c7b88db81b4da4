import { describe, expect, it } from 'vitest'
import { connect } from '../../src/adapters/sqlite/connection.ts'
import { shipped } from '../../src/application/projections/shipped/shipped.ts'
import {
  dueKeys,
  eventRates,
  keyConflicts,
  keyIndex,
  keyTimes,
  lateDuplicates,
  openSqliteViews,
  stuckKeys
} from '../../src/projections.ts'
import { read } from '../support/documents.ts'
import { claimOf } from '../support/scripted-ledger.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import { keyNamed, world } from './set-up.ts'

const minute = 60_000
const begin = 1_767_225_600_000

/**
 * A shop: one charge that is done, and whose request came again as another one; one whose lease is over; one in doubt after a
 * recovery point; one that was done, came again after its retention, and ran again; and one of another operation.
 */
const shop = async (partitions = 1) => {
  let now = begin
  const file = temporaryFile('views.db')
  const it = await world({ views: await openSqliteViews({ file }), clock: () => now })
  const { ledger, projections } = it
  const reserve = (key: string, nowMs: number, more: object = {}) =>
    ledger.reserve({ ...keyNamed(key), owner: 'me', requestFingerprint: 'f', lease: 'none', nowMs, ...more })
  const done = { outcomeKind: 'charged' }
  const first = claimOf(await reserve('done', begin))
  await ledger.complete({ claim: first, outcome: done, nowMs: begin + 1500 })
  await reserve('done', begin + 2000, { requestFingerprint: 'other', owner: 'you' })
  await reserve('done', begin + 3000, { requestFingerprint: 'other', owner: 'me' })
  await reserve('lapsed', begin, { lease: minute })
  const doubtful = claimOf(await reserve('doubtful', begin, { expiresAtMs: begin + minute }))
  await ledger.reachRecoveryPoint({ claim: doubtful, name: 'charged', nowMs: begin + 10 })
  await ledger.markInDoubt({ claim: doubtful, note: 'the bank timed out', nowMs: begin + 20 })
  const brief = claimOf(await reserve('late', begin, { retentionMs: minute }))
  await ledger.complete({ claim: brief, outcome: done, nowMs: begin + 500 })
  await reserve('late', begin + 500 + 3 * minute, { expiresAtMs: begin + 10 * minute })
  await reserve('other', begin, { operation: 'refund', owner: 'you' })
  for (const projection of shipped.values()) await projections.rebuild(projection, { partitions })
  now += minute
  const sql = (text: string) => {
    const connection = connect(file)
    try {
      return connection.prepare(text).rows([])
    } finally {
      connection.close()
    }
  }
  return { ...it, sql, reserve }
}

const examples = [...read('docs/reference/read-models.md').matchAll(/^```sql\n(.*?)^```/gms)].map(
  ([, text = '']) => text
)

describe('the shipped read models by plain SQL', () => {
  it('have every key, and what came of it', async () => {
    const { sql } = await shop()
    expect(
      sql('SELECT key, operation, owner, status, outcome_kind, epoch, conflicts FROM key_index ORDER BY key')
    ).toEqual([
      ['done', 'charge', 'me', 'conflicted', 'charged', 1, 2],
      ['doubtful', 'charge', 'me', 'reserved', null, 1, 0],
      ['lapsed', 'charge', 'me', 'reserved', null, 1, 0],
      ['late', 'charge', 'me', 'reserved', null, 2, 0],
      ['other', 'refund', 'you', 'reserved', null, 1, 0]
    ])
  })
  it('know what runs out', async () => {
    const { sql } = await shop()
    const columns = 'completed, in_doubt, lease_expires_at_ms, expires_at_ms, due_at_ms'
    expect(sql(`SELECT operation, ${columns} FROM due_keys ORDER BY operation, 2, 3, 4, 5`)).toEqual([
      ['charge', 0, 0, null, begin + 10 * minute, begin + 10 * minute],
      ['charge', 0, 0, begin + minute, null, null],
      ['charge', 0, 1, null, begin + minute, null],
      ['charge', 1, 0, null, null, null],
      ['refund', 0, 0, null, null, null]
    ])
  })
  it('know what is in flight, and in doubt', async () => {
    const { sql } = await shop()
    const columns = 'key, lease_expires_at_ms, in_doubt_since_ms, note, last_point'
    expect(sql(`SELECT ${columns} FROM stuck_keys ORDER BY key`)).toEqual([
      ['doubtful', null, begin + 20, 'the bank timed out', 'charged'],
      ['lapsed', begin + minute, null, null, null],
      ['late', null, null, null, null],
      ['other', null, null, null, null]
    ])
  })
  it('know how keys stand, how long they took, and what came too late', async () => {
    const { sql } = await shop()
    expect(sql('SELECT standing, completions, last_took_ms, most_took_ms FROM key_times ORDER BY 1, 2, 3')).toEqual([
      ['conflicted', 1, 1500, 1500],
      ['in_doubt', 0, null, null],
      ['reserved', 0, null, null],
      ['reserved', 0, null, null],
      ['reserved', 1, 500, 500]
    ])
    const columns = 'request_fingerprint, late, last_at_ms, last_late_ms, most_late_ms'
    expect(sql(`SELECT ${columns} FROM late_duplicates WHERE late > 0`)).toEqual([
      ['f', 1, begin + 500 + 3 * minute, 2 * minute, 2 * minute]
    ])
  })
  it.each([1, 3])('are what the examples of the reference ask, of %i partitions', async (partitions) => {
    const { sql } = await shop(partitions)
    const [conflicts, rates, late] = examples.map(sql)
    expect(examples).toHaveLength(3)
    expect(conflicts).toEqual([['charge', 'other', 2]])
    expect(rates).toMatchObject([[expect.stringMatching(/^\d{4}-\d\d-\d\d$/), 6, 2]])
    expect(late).toEqual([['charge', 1, 2 * minute]])
  })
  it('have the columns of their reference, and no others', () => {
    const page = read('docs/reference/read-models.md')
    for (const { name, columns = {} } of shipped.values()) {
      const section = new RegExp(`^## ${name}\\n(.*?)(?=^## |(?![^]))`, 'ms').exec(page)?.[1] ?? ''
      const told = [...section.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, cell = '']) => cell.match(/\w+/g) ?? [])
      const common = ['org_id', 'workspace_id', 'deployment_id', 'operation']
      expect(told, name).toEqual(Object.keys(columns).filter((column) => !common.includes(column)))
    }
  })
  it('have what a search by key or by end needs: an index', async () => {
    const { sql } = await shop()
    const plan = (text: string) => sql(`EXPLAIN QUERY PLAN ${text}`).join()
    expect(plan("SELECT row FROM key_index WHERE key = 'done'")).toMatch(/USING (COVERING )?INDEX/)
    expect(plan('SELECT row FROM due_keys WHERE due_at_ms <= 5')).toMatch(/USING (COVERING )?INDEX/)
    expect(plan('SELECT row FROM conflicts WHERE conflicts > 0')).toMatch(/USING (COVERING )?INDEX/)
  })
})

describe.each([1, 3])('the queries of the shipped read models, of %i partitions', (partitions) => {
  it('answer as the ledger does, and tell the moment', async () => {
    const { ledger, projections, reserve } = await shop(partitions)
    const list = await projections.queries(keyIndex).list({ operation: 'charge' })
    expect(list.answer).toEqual(JSON.parse(JSON.stringify(await ledger.list({ operation: 'charge' }))))
    const upToDate = { events: 0, isMore: false, seconds: 0 }
    expect(list.moment).toEqual({ view: 'key_index', events: 13, behind: upToDate, parkedKeys: 0, skippedEvents: 0 })
    const nowMs = begin + 2 * minute
    const stuck = await projections.queries(stuckKeys).stuck({ nowMs, owner: 'me' })
    expect(stuck.answer).toEqual(JSON.parse(JSON.stringify(await ledger.stuck({ nowMs, owner: 'me' }))))
    const conflicts = await projections.queries(keyConflicts).conflicts()
    expect(conflicts.answer).toEqual({ ...(await ledger.conflicts()), source: 'views' })
    expect((await projections.queries(keyConflicts).conflicts({ operation: 'refund' })).answer.conflicts).toEqual([])
    const { source, events, bucketMs, buckets, ...keys } = await ledger.stats()
    expect(source).toBe('scan')
    expect((await projections.queries(keyTimes).byOperation()).answer).toEqual(keys)
    expect((await projections.queries(eventRates).rates()).answer).toEqual({ events, bucketMs, buckets })
    const late = await projections.queries(lateDuplicates).byOperation()
    expect(late.answer).toMatchObject([{ operation: 'charge', keys: 1, lateness: { count: 1, most: 2 * minute } }])
    await reserve('one more', begin)
    expect((await projections.queries(keyIndex).page()).moment.behind.events).toBe(1)
  })
  it('page through keys, held or free', async () => {
    const { ledger, projections } = await shop(partitions)
    const { page } = projections.queries(keyIndex)
    const keysOf = async (...[filter]: Parameters<typeof page>) =>
      (await page(filter)).answer.keys.map(({ record }) => record.key).sort()
    expect(await keysOf({ orgId: 'acme', workspaceId: 'shop', operation: 'charge' })).toHaveLength(4)
    expect(await keysOf({ deploymentId: 'blue' })).toEqual([])
    expect(await keysOf({ status: 'conflicted' })).toEqual(['done'])
    expect(await keysOf({ owner: 'you' })).toEqual(['other'])
    expect(await keysOf({ keyHas: 'la' })).toEqual(['lapsed', 'late'])
    expect(await keysOf({ seenFromMs: begin + 1, seenUntilMs: begin + 5000 })).toEqual(['done'])
    const [held] = await ledger.list({ operation: 'refund' })
    await ledger.expireByOperator({ ...keyNamed('other'), operation: 'refund', actor: 'ann', note: 'why' })
    await projections.rebuild(keyIndex)
    expect((await page({ status: 'free' })).answer.keys).toMatchObject([{ held: false, record: { key: held?.key } }])
    const seen: Array<string> = []
    let after: string | undefined
    do {
      const { keys, next } = (await page({ limit: 2, after })).answer
      expect(keys.length).toBeLessThanOrEqual(2)
      seen.push(...keys.map(({ record }) => record.recordId))
      after = next
    } while (after !== undefined)
    expect(seen).toEqual([...new Set(seen)].sort())
    expect(seen).toHaveLength(5)
  })
  it('name what is due to a sweeper, which looks at each', async () => {
    const { ledger, projections } = await shop(partitions)
    const due = projections.queries(dueKeys)
    const nowMs = begin + 20 * minute
    const { recordIds, next } = (await due.dueBefore(nowMs)).answer
    expect([recordIds.length, next]).toEqual([1, undefined])
    expect((await due.dueBefore(begin)).answer.recordIds).toEqual([])
    expect((await due.leaseOverBefore(nowMs)).answer.recordIds).toHaveLength(1)
    const swept = { ended: 'done', events: 0, failed: [] }
    expect(await ledger.sweep({ nowMs, dueKeys: due.allDueBefore(nowMs) })).toMatchObject({ ...swept, expired: 1 })
    // the view is behind what the sweep did, and names it again
    expect(await ledger.sweep({ nowMs, dueKeys: due.allDueBefore(nowMs) })).toMatchObject({ ...swept, notDue: 1 })
  })
  it('are held against the fold', async () => {
    const { projections } = await shop(partitions)
    for (const projection of shipped.values()) {
      expect(await projections.verify(projection), projection.name).toMatchObject({ events: 13, difference: undefined })
    }
  })
})

describe('a query', () => {
  it('refuses what makes no sense', async () => {
    const { projections } = await shop()
    const refused = { tag: 'InvalidInput' }
    await expect(projections.queries(keyIndex).page({ limit: 0 })).rejects.toMatchObject(refused)
    await expect(projections.queries(keyIndex).page({ status: 'lost' as 'free' })).rejects.toMatchObject(refused)
    await expect(projections.queries(keyIndex).list({ seenFromMs: -1 })).rejects.toMatchObject(refused)
    await expect(projections.queries(dueKeys).dueBefore(Number.NaN)).rejects.toMatchObject(refused)
    await expect(projections.queries(eventRates).rates({ bucketMs: 1000 })).rejects.toMatchObject(refused)
  })
  it('of a view of an earlier version, or of none, fails', async () => {
    const { projections } = await shop()
    const newer = { ...keyTimes, version: keyTimes.version + 1 }
    await expect(projections.queries(newer).byOperation()).rejects.toMatchObject({ tag: 'UnsupportedVersion' })
    const absent = { ...keyTimes, name: 'absent' }
    await expect(projections.queries(absent).byOperation()).rejects.toMatchObject({ tag: 'InvalidInput' })
  })
})

describe('the queries of what is stuck', () => {
  it('go by the clock that projections were given', async () => {
    const { projections, reserve } = await shop()
    await reserve('later', begin, { lease: 10 * minute })
    await projections.rebuild(stuckKeys)
    const ask = projections.queries(stuckKeys)
    const keysAt = async (nowMs?: number) => (await ask.stuck({ nowMs })).answer.map(({ record }) => record.key).sort()
    expect(await keysAt()).toEqual(await keysAt(begin + minute))
    expect(await keysAt()).not.toContain('later')
    expect(await keysAt(begin + 20 * minute)).toContain('later')
  })
})
