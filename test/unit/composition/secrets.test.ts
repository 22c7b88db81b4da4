import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { standingClaim } from '../../../src/domain/failure.ts'
import { KeyfoldError } from '../../../src/index.ts'
import { asking, idOf, keyOf, scriptedLedger } from '../../support/scripted-ledger.ts'
import { lostBefore } from '../../support/scripted-store.ts'

describe('the claim in an AppendUnknown', () => {
  const failed = async () => {
    const { store, ledger } = scriptedLedger({ deadlineMs: 100 })
    store.onEveryAppend(lostBefore)
    const thrown: unknown = await ledger.reserve(asking({ claimId: 'secret-claim' })).catch((cause) => cause)
    const left = await ledger.taskEither.reserve(asking({ key: 'b', claimId: 'secret-claim' }))()
    const all: unknown = await ledger
      .reserveAll([{ ...asking({ key: 'c', claimId: 'secret-claim' }), lease: 1000 }])
      .catch((cause) => cause)
    return { thrown, left, all }
  }
  it('is in no log of the error, however it is written', async () => {
    const { thrown, left, all } = await failed()
    for (const value of [thrown, left, all, { thrown }, [left]]) {
      for (const text of [inspect(value), inspect(value, { depth: null }), JSON.stringify(value), String(value)]) {
        expect(text).not.toContain('secret-claim')
      }
    }
  })
  it('is there for whoever asks', async () => {
    const { thrown, left, all } = await failed()
    if (!(thrown instanceof KeyfoldError) || !(all instanceof KeyfoldError)) return expect.unreachable()
    expect(thrown.claim).toEqual({ recordId: idOf(), epoch: 1, claimId: 'secret-claim' })
    expect(left._tag === 'Left' && standingClaim(left.left)?.claimId).toBe('secret-claim')
    expect(all.claim?.claimId).toBe('secret-claim')
  })
})

describe('a history as JSON', () => {
  it('has its revisions as strings', async () => {
    const { ledger } = scriptedLedger()
    await ledger.reserve(asking())
    await ledger.reserve(asking())
    const history = await ledger.history(keyOf())
    expect(JSON.parse(JSON.stringify(history))).toMatchObject([
      { type: 'Reserved', revision: '0', data: { key: 'k' } },
      { type: 'DuplicateSeen', revision: '1' }
    ])
    expect(history[1]?.revision).toBe(1n)
    expect(Object.keys(history[0] ?? {})).not.toContain('toJSON')
  })
})
