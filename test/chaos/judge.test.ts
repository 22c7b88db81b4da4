import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/adapters/memory/event-store.ts'
import { createLedger } from '../../src/index.ts'
import { seeded } from '../load/seeded.ts'
import { readLog } from '../support/read-log.ts'
import { callUntil } from './callers.ts'
import {
  type Case,
  category,
  complete,
  completed,
  expired,
  failed,
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
  untilMs
} from './evidence.ts'
import { judge } from './judge.ts'
import { type Told, tookMs } from './told.ts'

describe('what callers were told is so', () => {
  const cases: { readonly [name: string]: Case } = {
    'a key that was reserved, renewed and completed, a duplicate and a conflict': {
      events: [first, sighting('DuplicateSeen', 'd'), sighting('ConflictRecorded', 'c'), renewed, completed('m')],
      told: [
        granted,
        reserve('d', { _tag: 'Duplicate' }),
        reserve('c', { _tag: 'Conflict' }),
        renew({ _tag: 'Renewed', untilMs }),
        complete('m', { _tag: 'Completed' })
      ]
    },
    'a release, and a grant after it': {
      events: [first, expired('released', 'l'), reserved('b', otherHeld)],
      told: [granted, release({ _tag: 'Released' }), otherGranted]
    },
    'a takeover, and a completion that came too late': {
      events: [...takenOver, rejected('m')],
      told: [granted, otherGranted, complete('m', { _tag: 'ClaimLost' })]
    },
    'calls in doubt whose events are there': {
      events: [first, renewed, completed('m')],
      told: [
        reserve('a', failed('AppendUnknown'), 'claim-1'),
        renew(failed('AppendUnknown')),
        complete('m', failed('AppendUnknown'))
      ]
    },
    'the same where they are not': {
      events: [first],
      told: [granted, renew(failed('AppendUnknown')), complete('m', failed('AppendUnknown'))]
    },
    'a call in doubt that was repeated, and refused then': {
      events: [first, completed('m')],
      told: [granted, complete('m', failed('AppendUnknown')), complete('m', failed('StoreUnavailable'))]
    },
    'a duplicate that was called unrecorded, there or not': {
      events: [first, sighting('DuplicateSeen', 'd')],
      told: [
        granted,
        reserve('d', { _tag: 'Duplicate', unrecorded: 'AppendUnknown' }),
        reserve('e', { _tag: 'Duplicate', unrecorded: 'AppendUnknown' })
      ]
    },
    'a call that was refused, and left nothing': {
      events: [first],
      told: [granted, reserve('x', failed('StoreUnavailable'))]
    }
  }
  it.each(Object.entries(cases))('%s', (_, one) => expect(faultsOf(one)).toEqual([]))

  it('by a whole crowd on a store without faults', async () => {
    const store = memoryStore()
    const all: Array<Told> = []
    const enough = new AbortController()
    await callUntil({
      ledgers: [createLedger({ store, category }), createLedger({ store, category })],
      count: 32,
      chance: seeded(1),
      note: (one) => {
        if (all.push(one) === 2000) enough.abort()
      },
      signal: enough.signal
    })
    const streams = await readLog(store, `${category}-`)
    const answers = new Set(all.map(({ answer: { _tag } }) => _tag))
    expect(judge({ category, told: all, streams, isLate: (one) => tookMs(one) > 60_000 })).toEqual([])
    expect([...answers].sort()).toEqual([
      'ClaimLost',
      'Completed',
      'Conflict',
      'Duplicate',
      'Released',
      'Renewed',
      'Reserved'
    ])
  })
})
