import { describe, it } from 'vitest'
import { given } from '../../../src/testing/given-when-then.ts'
import * as ex from '../../arbitraries/examples.ts'

const done = ex.record({ status: 'completed', outcome: ex.outcome(), lastSeenAtMs: 1200 })
const again = [ex.reserved(), ex.expired('released'), ex.reservedAgain('released')]

describe('release', () => {
  it('ends the reservation', () => {
    given([ex.reserved()])
      .when(ex.release())
      .thenAnswer({ _tag: 'Released', record: ex.record() })
      .thenEvents([ex.expired('released')])
      .thenRecord(undefined)
  })
  it('keeps the note', () => {
    given([ex.reserved()])
      .when(ex.release({ note: 'gave up' }))
      .thenEvents([ex.expired('released', { note: 'gave up' })])
  })
  it('ends it where the lease or the retention has passed and nobody took over', () => {
    const times = { leaseExpiresAtMs: 1100, expiresAtMs: 1100 }
    given([ex.reserved(times)])
      .when(ex.release())
      .thenAnswer({ _tag: 'Released', record: ex.record(times) })
      .thenEvents([ex.expired('released')])
  })
  it.each([
    ['at once', again.slice(0, 2)],
    ['after the key was reserved again', again],
    ['after that was over too', [...again, ex.expired('operator', { epoch: 2 })]]
  ])('answers the same claim the same again, %s', (_, events) => {
    given(events)
      .when(ex.release({ atMs: 1300, note: 'again' }))
      .thenAnswer({ _tag: 'Released', record: ex.record() })
      .thenEvents([])
  })
  it('is too late once there is an outcome', () => {
    for (const completed of [ex.completed(), ex.completedUnfenced()]) {
      given([ex.reserved(), completed])
        .when(ex.release())
        .thenAnswer({ _tag: 'AlreadyCompleted', record: done })
        .thenEvents([])
    }
  })
  it.each(['retention', 'operator'] as const)('is lost, without an event, where it ended by %s', (reason) => {
    given([ex.reserved(), ex.expired(reason)])
      .when(ex.release())
      .thenAnswer({ _tag: 'ClaimLost' })
      .thenEvents([])
  })
  it('is lost with the current record where it was taken over', () => {
    given([ex.reserved(), ex.expired('lease'), ex.reservedAgain('lease')])
      .when(ex.release())
      .thenAnswer({ _tag: 'ClaimLost', record: ex.recordAgain() })
      .thenEvents([])
  })
  it.each([
    ['no stream', [], ex.holder],
    ['a later epoch', [ex.reserved()], ex.holderOf(2, 'claim-1')],
    ['this epoch, another claim id', [ex.reserved()], ex.holderOf(1, 'claim-x')],
    ['this epoch, released', again.slice(0, 2), ex.holderOf(1, 'claim-x')],
    ['an earlier epoch, another claim id', again, ex.holderOf(1, 'claim-x')],
    ['an imported record', [ex.imported()], ex.holder]
  ])('is UnknownClaim: %s', (_, events, holder) => {
    given(events).when(ex.release({ holder })).thenRefused('UnknownClaim')
  })
})
