import { describe, expect, it } from 'vitest'
import { historyToJson } from '../../../src/application/use-cases/history.ts'
import { asking, claimOf, done, keyOf, scriptedLedger } from '../../support/scripted-ledger.ts'

describe('historyToJson', () => {
  it('is the history as plain data, the same as JSON.stringify writes', async () => {
    const { ledger } = scriptedLedger()
    const claim = claimOf(await ledger.reserve(asking({ key: 'k', actor: 'me' })))
    await ledger.complete({ claim, outcome: { ...done, details: { a: [1] } } })
    const entries = await ledger.history(keyOf('k'))
    const plain = historyToJson(entries)
    expect(plain).toEqual(JSON.parse(JSON.stringify(entries)))
    expect(plain.map(({ type, revision, actor }) => [type, revision, actor])).toEqual([
      ['Reserved', '0', 'me'],
      ['Completed', '1', undefined]
    ])
    expect(structuredClone(plain)).toEqual(plain)
    expect(plain.map(({ revision }) => BigInt(revision))).toEqual(entries.map(({ revision }) => revision))
  })
  it('has nothing to write of a key that was never seen', () => {
    expect(historyToJson([])).toEqual([])
  })
})
