import { describe, expect, it } from 'vitest'
import { type FailureTag, failure } from '../../../src/domain/failure.ts'
import { asking, claimOf, done, failureOf, keyOf, scriptedLedger, storedTypes } from '../../support/scripted-ledger.ts'
import { lostBefore, notWritten, preceded, unreadable } from '../../support/scripted-store.ts'

const completed = async (options: Parameters<typeof scriptedLedger>[0] = {}) => {
  const world = scriptedLedger(options)
  const claim = claimOf(await world.rival.reserve(asking()))
  await world.rival.complete({ claim, outcome: done })
  return { ...world, claim }
}

const other = () => asking({ requestFingerprint: 'other' })
const never = () => new Promise<never>(() => undefined)
const refusals: ReadonlyArray<FailureTag> = [
  'StoreBusy',
  'StoreFull',
  'StoreReadOnly',
  'StoreUnavailable',
  'StoreTimeout',
  'AccessDenied',
  'LimitExceeded'
]

describe.each(refusals)('a replay that cannot be recorded: %s', (tag) => {
  it.each(['a process that knows nothing of the key', 'a process that has its fold'])(
    'is answered by %s',
    async (who) => {
      const { store, ledger } = await completed()
      if (who.includes('fold')) await ledger.reserve(asking())
      const before = await storedTypes(store)
      store.onEveryAppend(notWritten(failure(tag, 'refused')))
      expect(await ledger.reserve(asking())).toMatchObject({
        _tag: 'Duplicate',
        unrecorded: tag,
        record: { outcome: done }
      })
      expect(await ledger.reserve(other())).toMatchObject({
        _tag: 'Conflict',
        unrecorded: tag,
        record: { outcome: done, conflictCount: 0, conflictFingerprints: [] }
      })
      expect(await storedTypes(store)).toEqual(before)
    }
  )
})

describe('a replay that cannot be recorded', () => {
  it('is answered where every write is in doubt', async () => {
    const { store, ledger, time } = await completed({ deadlineMs: 1000 })
    await ledger.reserve(asking())
    store.onEveryAppend(lostBefore)
    const started = time.monotonicMs()
    expect(await ledger.reserve(asking())).toMatchObject({
      _tag: 'Duplicate',
      unrecorded: 'AppendUnknown',
      record: { outcome: done }
    })
    expect(await ledger.reserve(other())).toMatchObject({ _tag: 'Conflict', unrecorded: 'AppendUnknown' })
    expect(time.monotonicMs() - started).toBeLessThanOrEqual(2000)
  })
  it.each(['nothing', 'the fold'])(
    'is answered in time where the store never answers a write and %s is at hand',
    async (at) => {
      const { store, ledger, time } = await completed({ deadlineMs: 1000 })
      if (at === 'the fold') await ledger.reserve(asking())
      const started = time.monotonicMs()
      store.onEveryAppend(never)
      expect(await ledger.reserve(asking())).toMatchObject({
        _tag: 'Duplicate',
        unrecorded: 'AppendUnknown',
        record: { outcome: done }
      })
      expect(time.monotonicMs() - started).toBeLessThanOrEqual(1000)
    }
  )
  it('fails only where reading fails too', async () => {
    const { store, ledger } = await completed()
    store.onEveryAppend(notWritten(failure('StoreFull', 'full')))
    store.onEveryRead(unreadable)
    expect(await failureOf(ledger.reserve(asking()))).toMatchObject({ _tag: 'StoreFull' })
  })
  it('tells that others wrote all the time', async () => {
    const { store, ledger, rival } = await completed()
    store.onEveryAppend(preceded(() => rival.reserve(asking())))
    expect(await ledger.reserve(asking())).toMatchObject({ _tag: 'Duplicate', unrecorded: 'Contended' })
  })
  it('says nothing of it where that is the choice of the ledger', async () => {
    const { ledger } = await completed({ recording: 'ignore' })
    expect(await ledger.reserve(asking())).not.toHaveProperty('unrecorded')
  })
  it('does not take a grant or a completion with it that waited beside it', async () => {
    const world = scriptedLedger()
    const full = failure('StoreFull', 'full')
    const claim = claimOf(await world.ledger.reserve(asking()))
    world.store.onEveryAppend(notWritten(full))
    const [duplicate, complete, later, granted] = await Promise.allSettled([
      world.ledger.reserve(asking()),
      world.ledger.complete({ claim, outcome: done }),
      world.ledger.reserve(asking()),
      world.ledger.reserve(asking({ key: 'free' }))
    ])
    expect(duplicate).toMatchObject({ value: { _tag: 'Duplicate', unrecorded: 'StoreFull' } })
    expect(complete).toMatchObject({ reason: { failure: full } })
    // it was decided on top of the completion, which is not there
    expect(later).toMatchObject({ value: { _tag: 'Duplicate', unrecorded: 'StoreFull' } })
    expect(later.status === 'fulfilled' && 'record' in later.value && later.value.record.outcome).toBeUndefined()
    expect(granted).toMatchObject({ reason: { failure: full } })
  })
  it('is a grant’s failure where the key turns out to be free', async () => {
    const { store, ledger, rival } = scriptedLedger()
    const claim = claimOf(await ledger.reserve(asking()))
    await rival.release({ claim })
    store.onEveryAppend(notWritten(failure('StoreReadOnly', 'read-only')))
    expect(await failureOf(ledger.reserve(asking()))).toMatchObject({ _tag: 'StoreReadOnly' })
    expect(await storedTypes(store)).toEqual(['Reserved', 'Expired'])
    expect(await ledger.get(keyOf())).toBeUndefined()
  })
  it('is a repeated completion’s answer too, which another process has written', async () => {
    const { store, ledger, rival } = scriptedLedger()
    const claim = claimOf(await ledger.reserve(asking()))
    await rival.complete({ claim, outcome: done })
    store.onEveryAppend(notWritten(failure('StoreReadOnly', 'read-only')))
    expect(await ledger.complete({ claim, outcome: done })).toMatchObject({ _tag: 'Completed' })
  })
})
