import { describe, expect, it } from 'vitest'
import type { IdempotencyRecord } from '../../../src/domain/record.ts'
import { importable } from '../../support/importable.ts'
import { asking, claimOf, idOf, keyOf, scriptedLedger } from '../../support/scripted-ledger.ts'

const source = 'file'

/** A record of which every object can be written to. */
const writable = (key: string) => {
  const details = { list: [1], nested: { deep: true } }
  const outcome = { outcomeKind: 'done', completedAtMs: 700, details }
  const record = importable(key, { status: 'completed', outcome: outcome as never, conflictFingerprints: ['fp-x'] })
  return { record, outcome, details }
}

const objectsIn = (value: unknown): ReadonlyArray<object> =>
  typeof value === 'object' && value !== null ? [value, ...Object.values(value).flatMap(objectsIn)] : []

describe.each([
  ['with transactions', true],
  ['without', false]
])('an import on a store %s', (_, transactions) => {
  it('freezes nothing of what it was given', async () => {
    const { ledger } = scriptedLedger({ transactions })
    const given = [writable('a').record, writable('b').record]
    const options = { source }
    await ledger.importRecords(given, options)
    await ledger.reserve(asking({ key: 'a' }))
    await ledger.get(keyOf('a'))
    await ledger.importRecords(given, options)
    expect(objectsIn([given, options]).filter(Object.isFrozen)).toEqual([])
  })
  it('is not changed by what its owner does with the records, be it while it runs or after it', async () => {
    const { ledger, rival } = scriptedLedger({ transactions })
    const made = ['a', 'b', 'c'].map(writable)
    const asItWas: ReadonlyArray<{ readonly recordId: string }> = JSON.parse(
      JSON.stringify(made.map(({ record }) => record))
    ).sort((a: IdempotencyRecord, b: IdempotencyRecord) => (a.recordId < b.recordId ? -1 : 1))
    const spoil = () => {
      for (const { record, outcome, details } of made) {
        Object.assign(record, { owner: 'changed', requestFingerprint: 'changed' })
        Object.assign(record.tenant, { orgId: 'changed' })
        ;(record.conflictFingerprints as Array<string>).push('changed')
        outcome.outcomeKind = 'changed'
        details.list.push(2)
        details.nested.deep = false
      }
    }
    const running = ledger.importRecords(
      made.map(({ record }) => record),
      { source }
    )
    spoil()
    expect(await running).toEqual({ imported: 3, skipped: 0 })
    spoil()
    for (const reader of [ledger, rival]) {
      expect(await reader.list()).toMatchObject(asItWas)
    }
    const replay = await ledger.reserve(asking({ key: 'a', requestFingerprint: 'fp' }))
    expect(replay).toMatchObject({
      _tag: 'Duplicate',
      record: { outcome: { details: { list: [1], nested: { deep: true } } } }
    })
  })
})

describe('what other commands are given', () => {
  it('is neither frozen nor looked at again', async () => {
    const { ledger } = scriptedLedger()
    const request = asking()
    const claim = claimOf(await ledger.reserve(request))
    const details = { list: [1] }
    const completion = { claim, outcome: { outcomeKind: 'done', details } }
    const running = ledger.complete(completion)
    details.list.push(2)
    completion.outcome.outcomeKind = 'changed'
    expect(await running).toMatchObject({ record: { outcome: { outcomeKind: 'done', details: { list: [1] } } } })
    details.list.push(3)
    expect(await ledger.get(keyOf())).toMatchObject({ recordId: idOf(), outcome: { details: { list: [1] } } })
    expect(objectsIn([request, completion]).filter(Object.isFrozen)).toEqual([])
  })
})
