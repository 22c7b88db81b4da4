import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { KeyfoldError } from '../../../src/composition/promises.ts'
import { asking, claimOf, done, failureOf, scriptedLedger } from '../../support/scripted-ledger.ts'

/** In 65 values: as JSON it is longer than a string can be where each character is written as six. */
const longerThanAText = Array<string>(65).fill('x'.repeat(2 ** 20))

describe('checkOutcome', () => {
  it('tells what would be stored, and its size, and asks no store', () => {
    const { ledger, store } = scriptedLedger()
    const details = { at: new Date(0), note: undefined, name: 'é' }
    expect(ledger.checkOutcome({ outcomeKind: 'charged', primaryRefId: 'p1', details })).toStrictEqual({
      details: { at: '1970-01-01T00:00:00.000Z', name: 'é' },
      bytes: Buffer.byteLength(
        '{"outcomeKind":"charged","primaryRefId":"p1","details":{"at":"1970-01-01T00:00:00.000Z","name":"é"}}'
      ),
      limitBytes: 512 * 1024
    })
    expect([...store.appends, ...store.reads]).toEqual([])
  })
  it('takes details alone, or nothing yet', () => {
    const { ledger } = scriptedLedger()
    expect(ledger.checkOutcome({ details: [1] })).toMatchObject({ details: [1] })
    expect(ledger.checkOutcome({})).toMatchObject({ details: null })
  })
  it('takes no bare details: they would be looked over', () => {
    const { ledger } = scriptedLedger()
    expect(() => ledger.checkOutcome({ amount: 10n, note: 'x' } as never)).toThrow(
      '$.amount is not known; there are outcomeKind, completedAtMs'
    )
  })
  it.each<readonly [string, unknown]>([
    ['a Map', new Map([['amount', 1n]])],
    ['a Set', new Set([1n])],
    ['a Date', new Date(0)],
    ['an Error', new Error('x')],
    ['an instance', new (class Charge {})()],
    ['an empty list', []]
  ])('takes none that has no member either: %s', (_, details) => {
    const { ledger } = scriptedLedger()
    expect(() => ledger.checkOutcome(details as never)).toThrow(
      '$ must be an outcome, with what is to be stored under details, got '
    )
  })
  it('takes an outcome of a class, by what its getters give', () => {
    class Charge {
      get outcomeKind() {
        return 'charged'
      }
    }
    expect(scriptedLedger().ledger.checkOutcome(new Charge())).toMatchObject({ details: null })
  })
  it.each<[unknown, string, string]>([
    [undefined, '$', 'InvalidInput'],
    ['done', '$', 'InvalidInput'],
    [{ outcomeKind: 7 }, '$.outcome.outcomeKind', 'InvalidInput'],
    [{ completedAtMs: -1 }, '$.outcome.completedAtMs', 'InvalidInput'],
    [{ details: { a: [1n] } }, '$.outcome.details.a[0]', 'InvalidInput'],
    [{ details: new Map() }, '$.outcome.details', 'InvalidInput'],
    [{ details: longerThanAText }, '$.outcome.details[64]', 'LimitExceeded'],
    [{ details: 'x'.repeat(600) }, '$.outcome', 'LimitExceeded'],
    [{ details: [[[[]]]] }, '$.outcome.details[0][0][0]', 'LimitExceeded']
  ])('says what complete would: %o', async (outcome, path, tag) => {
    const { ledger } = scriptedLedger({ limits: { outcomeBytes: 500, detailsDepth: 3 } })
    expect(ledger.taskEither.checkOutcome(outcome as never)).toMatchObject(E.left({ _tag: tag, path }))
    expect(() => ledger.checkOutcome(outcome as never)).toThrow(KeyfoldError)
    const claim = claimOf(await ledger.reserve(asking()))
    const given = outcome === undefined || outcome === 'done' ? outcome : { outcomeKind: 'x', ...(outcome as object) }
    expect(await failureOf(ledger.complete({ claim, outcome: given as never }))).toMatchObject({ _tag: tag })
  })
})

describe('a completion that is refused for what it says', () => {
  it.each([
    ['complete', { outcome: { ...done, details: 1n } }],
    ['complete', { outcome: { ...done, details: 'x'.repeat(600) } }],
    ['complete', { outcome: { ...done, details: longerThanAText } }],
    ['complete', { outcome: done, retentionMs: -1 }],
    ['completeAll', { outcome: { ...done, details: 1n } }]
  ] as const)('says that the key is still held, and so it is: %s', async (name, over) => {
    const { ledger } = scriptedLedger({ limits: { outcomeBytes: 500 } })
    const claim = claimOf(await ledger.reserve(asking()))
    const request = { claim, claims: [claim], ...over } as never
    const { message } = await failureOf(ledger[name](request))
    expect(message).toContain('the key is still held: complete with what can be stored, or release the claim')
    expect(await ledger.reserve(asking())).toMatchObject({ _tag: 'Duplicate' })
    expect(await ledger.complete({ claim, outcome: done })).toMatchObject({ _tag: 'Completed' })
  })
  it('says nothing of the key where the claim is what is wrong', async () => {
    const { ledger } = scriptedLedger()
    const { message } = await failureOf(ledger.complete({ claim: {} as never, outcome: done }))
    expect(message).not.toContain('still held')
  })
})
