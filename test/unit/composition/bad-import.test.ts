import { describe, expect, it } from 'vitest'
import { importable } from '../../support/importable.ts'
import { done, failureOf, idOf, keyOf, scriptedLedger } from '../../support/scripted-ledger.ts'

const secret = 'raw-key-4711'
const key = keyOf(secret)

const nested = (depth: number): unknown => Array.from({ length: depth }).reduce<unknown>((inner) => [inner], 0)

describe('an import of what is none', () => {
  const record = importable(secret)
  it.each<[unknown, string]>([
    [undefined, '$'],
    [{ length: 1 }, '$'],
    [[record, null], '$[1]'],
    [[record, 'k'], '$[1]'],
    [Array(1), '$[0]'],
    [[{ ...record, status: 'gone' }], '$[0].status'],
    [[{ ...record, tenant: { orgId: 'o' } }], '$[0].tenant.workspaceId'],
    [[{ ...record, tenant: { ...record.tenant, orgId: '' } }], '$[0].tenant.orgId'],
    [[{ ...record, firstSeenAtMs: 0.5 }], '$[0].firstSeenAtMs'],
    [[{ ...record, outcome: { outcomeKind: 'x', completedAtMs: 1 } }], '$[0].outcome.details'],
    [[{ ...record, outcome: { ...done, details: { at: 1n } } }], '$[0].outcome.details.at'],
    [[{ ...record, outcome: { ...done, details: [Number.NaN] } }], '$[0].outcome.details[0]'],
    [[{ ...record, key: ` ${secret}` }], '$[0].key'],
    [[{ ...record, owner: '' }], '$[0].owner'],
    [[{ ...record, owner: '\ud800' }], '$[0].owner'],
    [[{ ...record, requestFingerprint: 'fp\n' }], '$[0].requestFingerprint'],
    [[{ ...record, conflictCount: -1 }], '$[0].conflictCount'],
    [[{ ...record, duplicateCount: Number.NaN }], '$[0].duplicateCount'],
    [[{ ...record, conflictFingerprints: ['\udc00'] }], '$[0].conflictFingerprints[0]'],
    [[{ ...record, recordId: idOf('another') }], '$[0].recordId'],
    [[{ ...record, operation: 'another' }], '$[0].recordId']
  ])('writes nothing: %o', async (records, path) => {
    const { ledger, store } = scriptedLedger()
    const failed = await failureOf(ledger.importRecords(records as never, { source: 's' }))
    expect(failed).toMatchObject({ _tag: 'InvalidInput', path })
    expect(failed.message).not.toContain(secret)
    expect(store.appends).toEqual([])
    expect(await ledger.get(key)).toBeUndefined()
  })
  it.each<[unknown, string]>([
    [undefined, '$'],
    [null, '$'],
    [{}, '$.source'],
    [{ source: 7 }, '$.source'],
    [{ source: '\ud800' }, '$.source'],
    [{ source: 's', nowMs: -1 }, '$.nowMs'],
    [{ source: 's', leaseMs: 0 }, '$.leaseMs'],
    [{ source: 's', leaseMs: '1h' }, '$.leaseMs'],
    [{ source: 's', leaseMs: Number.MAX_SAFE_INTEGER }, '$.leaseMs'],
    [{ source: 's', onProgress: 'loud' }, '$.onProgress']
  ])('refuses options that make no sense: %o', async (options, path) => {
    const { ledger } = scriptedLedger()
    expect(await failureOf(ledger.importRecords([record], options as never))).toMatchObject({
      _tag: 'InvalidInput',
      path
    })
    expect(await ledger.get(key)).toBeUndefined()
  })
  it('writes nothing of a list in which one throws when it is read', async () => {
    const { ledger } = scriptedLedger()
    const cause = new Error(secret)
    const throwing = {
      ...importable('another'),
      get owner(): string {
        throw cause
      }
    }
    const failed = await failureOf(ledger.importRecords([record, throwing], { source: 's' }))
    expect(failed).toMatchObject({ _tag: 'InvalidInput', path: '$[1].owner', cause })
    expect(await ledger.get(key)).toBeUndefined()
  })
  it('takes an outcome however deep it is: import knows no limit but the store’s', async () => {
    const { ledger, rival } = scriptedLedger()
    const deep = importable(secret, { outcome: { ...done, completedAtMs: 1, details: nested(2000) } as never })
    expect(await ledger.importRecords([deep], { source: 's' })).toEqual({ imported: 1, skipped: 0 })
    expect(await ledger.importRecords([deep], { source: 's' })).toEqual({ imported: 0, skipped: 1 })
    expect((await rival.get(key))?.outcome).toEqual(deep.outcome)
  })
})

describe('a list with a filter that makes no sense', () => {
  it.each<[unknown, string]>([
    [null, '$'],
    ['all', '$'],
    [{ orgId: 7 }, '$.orgId'],
    [{ workspaceId: null }, '$.workspaceId'],
    [{ operation: {} }, '$.operation'],
    [{ owner: '\ud800' }, '$.owner'],
    [{ status: 'gone' }, '$.status'],
    [{ seenFromMs: -1 }, '$.seenFromMs'],
    [{ stuckAtMs: 'now' }, '$.stuckAtMs']
  ])('is InvalidInput: %o', async (filter, path) => {
    const { ledger } = scriptedLedger()
    expect(await failureOf(ledger.list(filter as never))).toMatchObject({ _tag: 'InvalidInput', path })
  })
  it.each<[unknown, string]>([
    [null, '$'],
    [{ orgId: 7 }, '$.orgId'],
    [{ onUnreadable: 'me' }, '$.onUnreadable'],
    [{ nowMs: 0.5 }, '$.nowMs']
  ])('is InvalidInput for stuck too: %o', async (filter, path) => {
    const { ledger } = scriptedLedger()
    expect(await failureOf(ledger.stuck(filter as never))).toMatchObject({ _tag: 'InvalidInput', path })
  })
})
