import { describe, expect, it } from 'vitest'
import { type FailureTag, failure } from '../../../src/domain/failure.ts'
import {
  asking,
  claimOf,
  done,
  failureOf,
  granted,
  keyOf,
  scriptedLedger,
  storedTypes
} from '../../support/scripted-ledger.ts'
import { connectionLost, notWritten, preceded, unreadable } from '../../support/scripted-store.ts'

const refusals: ReadonlyArray<FailureTag> = [
  'StoreBusy',
  'StoreFull',
  'StoreReadOnly',
  'StoreUnavailable',
  'StoreTimeout',
  'AccessDenied',
  'LimitExceeded',
  'NotAStore',
  'CorruptStream'
]

describe.each(refusals)('a write that fails with %s', (tag) => {
  const error = failure(tag, 'refused', { cause: 'why' })

  it('is that failure, tried once, and leaves nothing behind', async () => {
    const { store, ledger } = scriptedLedger()
    store.onAppend(notWritten(error))
    expect(await failureOf(ledger.reserve(asking({ owner: 'first' })))).toEqual(error)
    expect(store.appends).toHaveLength(1)
    expect(await ledger.get(keyOf())).toBeUndefined()
    const second = granted(await ledger.reserve(asking({ owner: 'second' })))
    expect(second).toMatchObject({ record: { owner: 'second', epoch: 1, duplicateCount: 0 }, takeover: false })
    expect(await storedTypes(store)).toEqual(['Reserved'])
  })
  it('leaves a held key as it was, for every command', async () => {
    const { store, ledger } = scriptedLedger()
    const claim = claimOf(await ledger.reserve(asking()))
    const failing = [
      () => ledger.complete({ claim, outcome: { outcomeKind: 'lost' } }),
      () => ledger.release({ claim }),
      () => ledger.renew({ claim, leaseMs: 50_000 }),
      () => ledger.completeByKey({ ...keyOf(), outcome: { outcomeKind: 'lost' } }),
      () => ledger.expireByOperator({ ...keyOf(), actor: 'op', note: 'n' })
    ]
    for (const [at, run] of failing.entries()) {
      store.onAppend(notWritten(error))
      // a completion that is too large for the store says that the key is still held
      const isCompletion = at === 0 && tag === 'LimitExceeded'
      const message = isCompletion ? expect.stringMatching(/^refused.*still held/) : error.message
      expect(await failureOf(run())).toEqual({ ...error, message })
    }
    expect(await storedTypes(store)).toEqual(['Reserved'])
    expect(await ledger.complete({ claim, outcome: done })).toMatchObject({
      _tag: 'Completed',
      record: { status: 'completed', outcome: done, duplicateCount: 0, conflictCount: 0, leaseExpiresAtMs: 2000 }
    })
  })
})

describe('a failure in the middle', () => {
  it('fails no duplicate and no conflict that would have been written together, and answers what writes nothing', async () => {
    const { store, ledger } = scriptedLedger()
    const claim = claimOf(await ledger.reserve(asking()))
    await ledger.complete({ claim, outcome: done })
    store.onAppend(notWritten(connectionLost))
    const [duplicate, repeated, conflict] = await Promise.allSettled([
      ledger.reserve(asking()),
      ledger.complete({ claim, outcome: done }),
      ledger.reserve(asking({ requestFingerprint: 'other' }))
    ])
    const unrecorded = {
      unrecorded: 'StoreUnavailable',
      record: { outcome: done, duplicateCount: 0, conflictCount: 0 }
    }
    expect(duplicate).toMatchObject({ value: { _tag: 'Duplicate', ...unrecorded } })
    expect(conflict).toMatchObject({ value: { _tag: 'Conflict', ...unrecorded } })
    // its record does not count the duplicate that was not written
    expect(repeated).toMatchObject({ value: { _tag: 'Completed', record: { duplicateCount: 0 } } })
    expect(await storedTypes(store)).toEqual(['Reserved', 'Completed'])
  })
  it('is the read’s own where the stream cannot be read, and nothing is written', async () => {
    const { store, ledger, rival } = scriptedLedger()
    const claim = claimOf(await rival.reserve(asking()))
    store.onRead(unreadable)
    expect(await failureOf(ledger.complete({ claim, outcome: done }))).toEqual(connectionLost)
    store.onAppend(preceded(() => rival.reserve(asking())))
    store.onRead(unreadable)
    expect(await failureOf(ledger.reserve(asking()))).toEqual(connectionLost)
    expect(await storedTypes(store)).toEqual(['Reserved', 'DuplicateSeen'])
    expect(await ledger.complete({ claim, outcome: done })).toMatchObject({ _tag: 'Completed' })
  })
})

const broken = async (): Promise<never> => {
  throw new TypeError('a bug in an adapter')
}

describe('a store that breaks its contract and rejects', () => {
  it('leaves an append in doubt, since nobody knows what it did: here it wrote', async () => {
    const { store, ledger } = scriptedLedger()
    store.onAppend(async (real) => {
      await real()
      return broken()
    })
    expect(await ledger.reserve(asking())).toMatchObject({ _tag: 'Reserved', record: { epoch: 1 } })
    expect(await storedTypes(store)).toEqual(['Reserved'])
  })
  it('is AppendUnknown in the end, with the bug as its cause', async () => {
    const { store, ledger } = scriptedLedger({ deadlineMs: 100 })
    store.onEveryAppend(broken)
    expect(await failureOf(ledger.reserve(asking({ claimId: 'mine' })))).toMatchObject({
      _tag: 'AppendUnknown',
      claim: { claimId: 'mine' },
      cause: { _tag: 'StoreUnavailable', cause: { message: 'a bug in an adapter' } }
    })
  })
  it('fails a read by its tag, in commands and in questions', async () => {
    const { store, ledger, rival } = scriptedLedger()
    const claim = claimOf(await rival.reserve(asking()))
    store.onEveryRead(broken)
    const unavailable = { _tag: 'StoreUnavailable', cause: { message: 'a bug in an adapter' } }
    expect(await failureOf(ledger.complete({ claim, outcome: done }))).toMatchObject(unavailable)
    expect(await failureOf(ledger.get(keyOf()))).toMatchObject(unavailable)
    expect(await failureOf(ledger.history(keyOf()))).toMatchObject(unavailable)
  })
})
