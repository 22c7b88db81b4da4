import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { KeyfoldError } from '../../../src/composition/promises.ts'
import { asking, claimOf, done, idOf, keyOf, scriptedLedger } from '../../support/scripted-ledger.ts'
import { connectionLost, lostBefore, notWritten } from '../../support/scripted-store.ts'

describe('the Promise face', () => {
  it('has every use case that there is in fp-ts style, and no other', () => {
    const { ledger } = scriptedLedger()
    const { taskEither, ...promised } = ledger
    expect(Object.keys(promised).sort()).toEqual(Object.keys(taskEither).sort())
    expect(Object.keys(promised).sort()).toEqual(
      [
        'reserve',
        'reachRecoveryPoint',
        'stuck',
        'markInDoubt',
        'complete',
        'checkOutcome',
        'completeByKey',
        'release',
        'renew',
        'expire',
        'expireByOperator',
        'completeByOperator',
        'reserveAll',
        'completeAll',
        'releaseAll',
        'get',
        'awaitOutcome',
        'history',
        'asOf',
        'explain',
        'diff',
        'whatIf',
        'verify',
        'list',
        'subscribe',
        'sweep',
        'events',
        'conflicts',
        'stats',
        'importRecords',
        'dispose'
      ].sort()
    )
    for (const useCase of Object.values(promised)) expect(useCase).toBeTypeOf('function')
  })
  it('answers as the task does', async () => {
    const { ledger } = scriptedLedger()
    const answer = await ledger.reserve(asking({ claimId: 'mine' }))
    const again = await ledger.taskEither.reserve(asking({ claimId: 'mine' }))()
    expect(again).toEqual(E.right(answer))
    expect(await ledger.dispose()).toBeUndefined()
  })
  it('rejects with one KeyfoldError: its tag, message, failure, cause', async () => {
    const { ledger, store } = scriptedLedger()
    const error = { ...connectionLost, cause: new Error('ECONNRESET') }
    store.onAppend(notWritten(error))
    const thrown: unknown = await ledger.reserve(asking()).catch((cause: unknown) => cause)
    expect(thrown).toBeInstanceOf(KeyfoldError)
    expect(thrown).toBeInstanceOf(Error)
    expect(thrown).toMatchObject({
      name: 'KeyfoldError',
      tag: 'StoreUnavailable',
      message: 'the connection was lost',
      failure: error,
      cause: error.cause,
      claim: undefined
    })
    expect(String(thrown)).toBe('KeyfoldError: the connection was lost')
  })
  it('has no cause where there is none', async () => {
    const { ledger } = scriptedLedger()
    const thrown: unknown = await ledger.expire({ recordId: 'none' }).catch((cause: unknown) => cause)
    expect(thrown).toMatchObject({ tag: 'InvalidInput', failure: { path: '$.recordId' } })
    expect(Object.hasOwn(Object(thrown), 'cause')).toBe(false)
  })
  it('carries the claim that may stand', async () => {
    const { ledger, store } = scriptedLedger({ deadlineMs: 10 })
    store.onEveryAppend(lostBefore)
    const thrown: unknown = await ledger.reserve(asking({ claimId: 'mine' })).catch((cause: unknown) => cause)
    expect(thrown).toMatchObject({
      tag: 'AppendUnknown',
      claim: { recordId: idOf(), epoch: 1, claimId: 'mine' },
      cause: connectionLost
    })
  })
  it('never throws where it should reject: every use case, of nonsense', async () => {
    const { ledger } = scriptedLedger()
    // a subscription is no promise: it tells of nonsense where it is read (test/projections/subscribe.test.ts)
    // and a check is none either: it answers at once (check-outcome.test.ts)
    const { taskEither: _, dispose: __, subscribe: ___, checkOutcome: ____, ...useCases } = ledger
    for (const [name, useCase] of Object.entries(useCases)) {
      const run = useCase as (...args: ReadonlyArray<unknown>) => Promise<unknown>
      // without a filter, or with an empty one, a scan is a good question
      const scans = ['list', 'stuck', 'verify', 'whatIf', 'conflicts', 'stats', 'sweep'].includes(name)
      for (const args of [[null], [Symbol('s')], scans ? [7] : [{}], scans ? ['all'] : []]) {
        await expect(run(...args), name).rejects.toBeInstanceOf(KeyfoldError)
      }
    }
  })
  it('tells duplicates, conflicts and lost claims as answers', async () => {
    const { ledger } = scriptedLedger()
    const claim = claimOf(await ledger.reserve(asking()))
    expect(await ledger.reserve(asking())).toMatchObject({ _tag: 'Duplicate' })
    expect(await ledger.reserve(asking({ requestFingerprint: 'other' }))).toMatchObject({ _tag: 'Conflict' })
    await ledger.expireByOperator({ ...keyOf(), actor: 'o', note: 'n' })
    expect(await ledger.complete({ claim, outcome: done })).toEqual({ _tag: 'ClaimLost' })
  })
})
