import { describe, expect, it } from 'vitest'
import {
  type Case,
  claim,
  complete,
  completed,
  expired,
  failed,
  faultsIn,
  faultsOf,
  first,
  granted,
  otherGranted,
  otherHeld,
  rejected,
  release,
  renew,
  renewed,
  reserve,
  reserved,
  sighting,
  takenOver,
  untilMs,
  written
} from './evidence.ts'

describe('a fault is found:', () => {
  const cases: { readonly [name: string]: Case & { readonly fault: string } } = {
    'a grant that is not in the log': {
      events: [],
      told: [granted],
      fault: 'not in the log: the grant of epoch 1'
    },
    'a renewal that is not in the log': {
      events: [first],
      told: [granted, renew({ _tag: 'Renewed', untilMs })],
      fault: 'not in the log: the renewal until 9000'
    },
    'a renewal for another time than asked for': {
      events: [first, renewed],
      told: [granted, renew({ _tag: 'Renewed', untilMs: 5 })],
      fault: 'not in the log: the renewal until 5'
    },
    'a completion that is not in the log': {
      events: [first],
      told: [granted, complete('m', { _tag: 'Completed' })],
      fault: 'not in the log: the completion m'
    },
    'a completion that stands under another claim': {
      events: [first, completed('m', otherHeld)],
      told: [granted, complete('m', { _tag: 'Completed' })],
      fault: 'not in the log: the completion m'
    },
    'a late completion that is not in the log': {
      events: takenOver,
      told: [granted, otherGranted, complete('m', { _tag: 'ClaimLost' })],
      fault: 'not in the log: the late completion m'
    },
    'a claim that was called lost and is not': {
      events: [first, rejected('m')],
      told: [granted, complete('m', { _tag: 'ClaimLost' })],
      fault: 'not in the log: the end of epoch 1, which was called lost'
    },
    'a claim that was granted and is called unknown': {
      events: [first],
      told: [granted, renew(failed('UnknownClaim'))],
      fault: 'a claim that was granted is unknown'
    },
    'an outcome that was called another’s and is nobody’s': {
      events: [first],
      told: [granted, complete('m', { _tag: 'AlreadyCompleted' })],
      fault: 'not in the log: the other outcome of epoch 1'
    },
    'a release that is not in the log': {
      events: [first],
      told: [granted, release({ _tag: 'Released' })],
      fault: 'not in the log: the release of epoch 1'
    },
    'an epoch that was granted twice': {
      events: [first],
      told: [granted, reserve('b', { _tag: 'Reserved', claim: { ...claim, claimId: 'claim-2' } }, 'claim-2')],
      fault: 'epoch 1 was granted to two claims'
    },
    'an epoch that is in the log twice': {
      events: [first, reserved('b', { ...otherHeld, epoch: 1 })],
      told: [granted, reserve('b', failed('AppendUnknown'), 'claim-2')],
      fault: 'the epochs in the log are 1, 1'
    },
    'a claim that stands, whose caller was told of another': {
      events: [first],
      told: [reserve('a', { _tag: 'Duplicate', unrecorded: 'StoreBusy' }, 'claim-1')],
      fault: 'the claim of epoch 1 stands, and its caller was not granted it'
    },
    'two outcomes of one epoch': {
      events: [first, completed('m'), completed('n')],
      told: [granted, complete('m', { _tag: 'Completed' }), complete('n', failed('AppendUnknown'))],
      fault: 'epoch 1 has two outcomes'
    },
    'a late completion that is there twice': {
      events: [...takenOver, rejected('m'), rejected('m')],
      told: [granted, otherGranted, complete('m', { _tag: 'ClaimLost' })],
      fault: 'the completion m is in the log twice'
    },
    'a duplicate that is not counted': {
      events: [first],
      told: [granted, reserve('d', { _tag: 'Duplicate' })],
      fault: '0 times DuplicateSeen, for 1 answers'
    },
    'a conflict that is counted twice': {
      events: [first, sighting('ConflictRecorded', 'c', 2)],
      told: [granted, reserve('c', { _tag: 'Conflict' })],
      fault: '2 times ConflictRecorded, for 1 answers'
    },
    'a reserve that was refused and is in the log': {
      events: [first],
      told: [reserve('a', failed('StoreUnavailable'), 'claim-1')],
      fault: 'in the log, though it was refused: reserve a'
    },
    'a duplicate that was refused and is in the log': {
      events: [first, sighting('DuplicateSeen', 'd')],
      told: [granted, reserve('d', failed('StoreTimeout'))],
      fault: 'in the log, though it was refused: reserve d'
    },
    'a renewal that was refused and is in the log': {
      events: [first, renewed],
      told: [granted, renew(failed('Contended'))],
      fault: 'in the log, though it was refused: renew r'
    },
    'a release that was refused and is in the log': {
      events: [first, expired('released', 'l')],
      told: [granted, release(failed('StoreBusy'))],
      fault: 'in the log, though it was refused: release l'
    },
    'a completion that was refused and is in the log': {
      events: [first, completed('m')],
      told: [granted, complete('m', failed('StoreTimeout'))],
      fault: 'in the log, though it was refused: complete m'
    },
    'a grant while the claim before it is held': {
      events: [first, reserved('b', otherHeld)],
      told: [granted, otherGranted],
      fault: 'epoch 2 begins while epoch 1 is held'
    },
    'a grant after the outcome': {
      events: [first, completed('m'), expired('lease'), reserved('b', otherHeld)],
      told: [granted, complete('m', { _tag: 'Completed' }), otherGranted],
      fault: 'an end of epoch 1, which has its outcome'
    },
    'an outcome of a claim that was taken over': {
      events: [...takenOver, completed('m')],
      told: [granted, otherGranted, complete('m', { _tag: 'Completed' })],
      fault: 'an outcome of epoch 1, which is not held'
    },
    'a renewal after the outcome': {
      events: [first, completed('m'), renewed],
      told: [granted, complete('m', { _tag: 'Completed' }), renew({ _tag: 'Renewed', untilMs })],
      fault: 'a renewal of epoch 1, which has its outcome'
    },
    'a duplicate of what nobody reserved': {
      events: [],
      told: [reserve('d', { _tag: 'Duplicate', unrecorded: 'StoreBusy' })],
      fault: 'Duplicate of a key that nobody reserved'
    },
    'a failure that no strike explains': {
      events: [first],
      told: [granted, renew(failed('CorruptStream'))],
      fault: 'a renew failed: CorruptStream'
    },
    'an event that nobody asked for': {
      events: [first, completed('z')],
      told: [granted],
      fault: 'nobody asked for a Completed'
    }
  }
  it.each(Object.entries(cases))('%s', (_, one) => expect(faultsOf(one)).toContain(one.fault))

  it('an answer that came too late, a failure too', () => {
    const both = [granted, reserve('x', failed('StoreTimeout'))]
    expect(faultsIn(written([first]), both, 10)).toEqual([])
    const late = 'a reserve was answered after 10 ms'
    expect(faultsIn(written([first]), both, 9)).toEqual([late, late])
  })

  it('a chain that is broken: a content that was changed, and an event that is gone', () => {
    const both = [granted, complete('m', { _tag: 'Completed' })]
    const [head, tail] = written([first, completed('m')])
    if (head === undefined || tail === undefined) return expect.fail('no stream')
    expect(faultsIn([head, tail], both)).toEqual([])
    const changed = { ...tail, data: tail.data.replace('done', 'gone') }
    expect(faultsIn([head, changed], both)).toEqual([expect.stringContaining('its hash does not fit its content')])
    expect(faultsIn([tail], both)).toEqual(
      expect.arrayContaining([
        'no revision 0',
        '1 names another hash before it',
        'not in the log: the grant of epoch 1'
      ])
    )
  })

  it('a stream of a key that nobody asked for', () => {
    expect(faultsIn(written([first]), [])).toEqual(expect.arrayContaining(['nobody asked for a Reserved']))
  })
})
