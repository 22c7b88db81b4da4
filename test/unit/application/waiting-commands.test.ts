import { describe, expect, it } from 'vitest'
import type { Append } from '../../../src/application/ports/event-store.ts'
import { gate } from '../../support/gate.ts'
import { asking, claimOf, done, keyOf, scriptedLedger } from '../../support/scripted-ledger.ts'
import { lostBefore, preceded } from '../../support/scripted-store.ts'

const held = async () => {
  const world = scriptedLedger()
  const claim = claimOf(await world.ledger.reserve(asking({ lease: 3_600_000 })))
  world.store.forget()
  return { ...world, claim }
}

const dataOf = ({ events }: Append): ReadonlyArray<unknown> => events.map(({ type, data }) => [type, JSON.parse(data)])

describe('commands that wait', () => {
  it('wait on their own key alone', async () => {
    const { store, ledger } = await held()
    const shut = gate()
    store.onAppend(preceded(shut.pass))
    const slow = ledger.reserve(asking())
    await shut.reached
    expect(await ledger.reserve(asking({ key: 'another' }))).toMatchObject({ _tag: 'Reserved' })
    const later = ledger.reserve(asking({ requestFingerprint: 'other' }))
    expect(await ledger.reserve(asking({ key: 'another' }))).toMatchObject({ _tag: 'Duplicate' })
    expect(store.appends).toHaveLength(3)
    shut.open()
    expect([await slow, await later].map(({ _tag }) => _tag)).toEqual(['Duplicate', 'Conflict'])
  })
  it('wait while an attempt is in doubt, and are not added to it', async () => {
    const { store, ledger } = await held()
    const shut = gate()
    store.onAppend(lostBefore, preceded(shut.pass, lostBefore))
    const doubted = ledger.reserve(asking({ owner: 'first' }))
    await shut.reached
    const later = ledger.reserve(asking({ owner: 'later' }))
    const complete = ledger.completeByKey({ ...keyOf(), outcome: done })
    shut.open()
    await Promise.all([doubted, later, complete])
    const [one, two, three] = store.appends
    expect([one, two]).toEqual([three, three])
    expect(three && dataOf(three)).toMatchObject([['DuplicateSeen', { owners: ['first'] }]])
    const last = store.appends.at(-1)
    expect(last && dataOf(last)).toMatchObject([
      ['DuplicateSeen', { owners: ['later'] }],
      ['Completed', {}]
    ])
  })
  it('are answered although a port threw while they were decided', async () => {
    const world = scriptedLedger()
    const { ledger } = scriptedLedger({
      store: world.store,
      chance: {
        uuid: () => {
          throw new Error('no entropy')
        },
        fraction: () => 0
      }
    })
    const failed = await Promise.allSettled([1, 2].map(() => ledger.reserve(asking({ claimId: 'mine' }))))
    expect(failed).toMatchObject([
      { status: 'rejected', reason: { tag: 'StoreUnavailable', cause: { message: 'no entropy' } } },
      { status: 'rejected' }
    ])
    expect(world.store.appends).toEqual([])
  })
})
