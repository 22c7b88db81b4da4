import { describe, expect, it } from 'vitest'
import type { Command } from '../../../src/domain/commands.ts'
import { decide } from '../../../src/domain/decide/decide.ts'
import type { IdentifiedEvent, LedgerEvent } from '../../../src/domain/events/ledger-event.ts'
import { fold } from '../../../src/domain/evolve.ts'
import type { Outcome } from '../../../src/domain/outcome.ts'
import { extendPast, extendPastByDecided, noPast, rejectionKey } from '../../../src/domain/past.ts'
import type { Plain } from '../../../src/testing/given-when-then.ts'
import * as ex from '../../arbitraries/examples.ts'
import { deepFreeze } from '../../arbitraries/freeze.ts'

const stream = (...events: ReadonlyArray<Plain<LedgerEvent>>): ReadonlyArray<IdentifiedEvent> =>
  deepFreeze(events.map((event, index) => ({ ...event, id: `id-${index}` }) as IdentifiedEvent))

const long = stream(
  ex.reserved(),
  ex.expired('lease'),
  ex.reservedAgain('lease'),
  ex.completionRejected({ ...ex.holder, currentEpoch: 2 }),
  ex.expired('operator', { epoch: 2 }),
  ex.imported({}, { epoch: 3 })
)

describe('the past', () => {
  it('knows every reservation, and how it ended', () => {
    const { epochs, state } = extendPast(noPast, long)
    expect([...epochs]).toEqual([
      [1, { claimId: 'claim-1', ended: { record: ex.record(), reason: 'lease' } }],
      [2, { claimId: 'claim-2', ended: { record: ex.recordAgain(), reason: 'operator' } }],
      [3, { imported: ex.recordForEver({ epoch: 3 }) }]
    ])
    expect(state).toEqual(fold(long))
  })
  it('knows every rejected completion by claim and outcome, its time apart', () => {
    const { rejections } = extendPast(noPast, long)
    const outcome = ex.outcome({ completedAtMs: 77 }) as Outcome
    expect([...rejections]).toEqual([rejectionKey(ex.holder, outcome)])
    expect(rejections.has(rejectionKey({ epoch: 2, claimId: 'claim-1' }, outcome))).toBe(false)
    expect(rejections.has(rejectionKey({}, outcome))).toBe(false)
  })
  it('leaves the past that it extends alone', () => {
    const before = extendPast(noPast, long.slice(0, 2))
    extendPast(before, long.slice(2))
    expect(before).toEqual(extendPast(noPast, long.slice(0, 2)))
    expect(noPast.epochs.size + noPast.rejections.size).toBe(0)
  })
  it('can be extended by events that have no id yet', () => {
    const { epochs, rejections } = extendPastByDecided(noPast, long)
    expect({ epochs, rejections }).toEqual({
      epochs: extendPast(noPast, long).epochs,
      rejections: extendPast(noPast, long).rejections
    })
  })
})

describe('decide without the past', () => {
  const second = stream(ex.reserved(), ex.expired('released'), ex.reservedAgain('released'))
  const done = stream(ex.reserved(), ex.completed())
  const other = ex.outcome({ details: 1 })
  const first = stream(ex.reserved())
  const over = stream(ex.reserved(), ex.expired('released'))

  it.each<readonly [string, ReadonlyArray<IdentifiedEvent>, Plain<Command>]>([
    ['the claim of an earlier epoch', second, ex.release()],
    ['a retry of a reserve that followed another', second, ex.reserve()],
    ['a completion to reject', done, ex.complete({ outcome: other })],
    ['a completion by key to reject', done, ex.completeByKey({ outcome: other })],
    ['a lost completion', over, ex.complete()],
    ['an import on a key with a stream', done, ex.importing()]
  ])('asks for it: %s', (_, events, command) => {
    expect(decide(command as Command, fold(events))).toEqual({ _tag: 'NeedsPast' })
    expect(decide(command as Command, fold(events), extendPast(noPast, events))._tag).not.toBe('NeedsPast')
  })
  it.each<readonly [string, ReadonlyArray<IdentifiedEvent>, Plain<Command>]>([
    ['a first reserve', [], ex.reserve()],
    ['a duplicate', first, ex.reserve()],
    ['a takeover', first, ex.reserve({ atMs: 1500 })],
    ['a retry of the first reserve', first, ex.reserve({ claimId: 'claim-1' })],
    ['a completion', first, ex.complete()],
    ['a completion again', done, ex.complete()],
    ['a release again', over, ex.release()],
    ['a claim of a later epoch', first, ex.renew({ holder: { epoch: 2, claimId: 'claim-1' } })],
    ['a forged claim of this epoch', second, ex.renew({ holder: { epoch: 2, claimId: 'claim-1' } })],
    ['expiry', first, ex.expire()],
    ['an import on a free key', [], ex.importing()]
  ])('is flat for what is common: %s', (_, events, command) => {
    expect(decide(command as Command, fold(events))._tag).not.toBe('NeedsPast')
  })
})
