import { describe, expect, it } from 'vitest'
import type { Command } from '../../../src/domain/commands.ts'
import { decide } from '../../../src/domain/decide/decide.ts'
import type { IdentifiedEvent, LedgerEvent } from '../../../src/domain/events/ledger-event.ts'
import { rejectionDigest } from '../../../src/domain/evidence.ts'
import { fold } from '../../../src/domain/evolve.ts'
import type { Outcome } from '../../../src/domain/outcome.ts'
import { extendPast, extendPastByDecided, noPast } from '../../../src/domain/past.ts'
import type { Plain } from '../../../src/domain/plain.ts'
import { type State, unknownState } from '../../../src/domain/state.ts'
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
      [1, { claimHash: ex.hashOf('claim-1'), ended: { record: ex.record(), reason: 'lease' } }],
      [2, { claimHash: ex.hashOf('claim-2'), ended: { record: ex.recordAgain(), reason: 'operator' } }],
      [3, { imported: ex.recordForEver({ epoch: 3 }) }]
    ])
    expect(state).toEqual(fold(long))
  })
  it('knows every rejected completion by claim and outcome, its time apart', () => {
    const { rejections } = extendPast(noPast, long)
    const outcome = ex.outcome({ completedAtMs: 77 }) as Outcome
    expect([...rejections]).toEqual([rejectionDigest(ex.holder, outcome)])
    expect(rejections.has(rejectionDigest(ex.holderOf(2, 'claim-1'), outcome))).toBe(false)
    expect(rejections.has(rejectionDigest({}, outcome))).toBe(false)
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
  const again = stream(
    ex.reserved(),
    ex.expired('released'),
    ex.reservedAgain('released'),
    ex.completed(ex.holderOf(2, 'claim-2'))
  )
  const forged = { holder: ex.holderOf(1, 'forged') }
  const first = stream(ex.reserved())
  const over = stream(ex.reserved(), ex.expired('released'))

  const amid = fold(second.slice(2), unknownState)
  it.each<readonly [string, State, ReadonlyArray<IdentifiedEvent>, Plain<Command>, 'snapshot' | 'whole']>([
    ['how an earlier reservation ended', fold(second), second, ex.release(), 'whole'],
    ['whether a lost completion was recorded before', fold(second), second, ex.complete(), 'whole'],
    ['whether an unfenced one was recorded before', fold(again), again, ex.completeByKey({ outcome: other }), 'whole'],
    ['the claims before its own', amid, second, ex.release(), 'snapshot'],
    ['the claims before its own, of a forged one too', amid, second, ex.renew(forged), 'snapshot'],
    ['a retry of a reserve that followed another', fold(second), second, ex.reserve(), 'whole'],
    ['an import on a key with a stream', fold(done), done, ex.importing(), 'whole']
  ])('asks for it: %s', (_, state, events, command, reach) => {
    expect(decide(command as Command, state)).toMatchObject({ _tag: 'NeedsPast', reach })
    expect(decide(command as Command, state, extendPast(noPast, events))._tag).toMatch(/^(Decided|Refused)$/)
  })
  it.each<readonly [string, ReadonlyArray<IdentifiedEvent>, Plain<Command>]>([
    ['a first reserve', [], ex.reserve()],
    ['a duplicate', first, ex.reserve()],
    ['a takeover', first, ex.reserve({ atMs: 1500 })],
    ['a retry of the first reserve', first, ex.reserve({ claimId: 'claim-1' })],
    ['a completion', first, ex.complete()],
    ['a completion again', done, ex.complete()],
    ['a release again', over, ex.release()],
    ['a completion to reject, by its holder', done, ex.complete({ outcome: other })],
    ['a completion by key to reject, in the first epoch', done, ex.completeByKey({ outcome: other })],
    ['a lost completion that nobody followed', over, ex.complete()],
    ['a forged claim of an earlier epoch', second, ex.complete(forged)],
    ['a claim of a later epoch', first, ex.renew({ holder: ex.holderOf(2, 'claim-1') })],
    ['a forged claim of this epoch', second, ex.renew({ holder: ex.holderOf(2, 'claim-1') })],
    ['expiry', first, ex.expire()],
    ['an import on a free key', [], ex.importing()]
  ])('is flat for what is common: %s', (_, events, command) => {
    expect(decide(command as Command, fold(events))._tag).not.toBe('NeedsPast')
  })
})
