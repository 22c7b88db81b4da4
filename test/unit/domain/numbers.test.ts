import { describe, expect, it } from 'vitest'
import { sha256 } from '../../../src/adapters/node/sha256.ts'
import type { Command } from '../../../src/domain/commands.ts'
import { decide } from '../../../src/domain/decide/decide.ts'
import { currentVersion, decodeEvent } from '../../../src/domain/events/codecs.ts'
import type { EventType, IdentifiedEvent, LedgerEvent } from '../../../src/domain/events/ledger-event.ts'
import { fold } from '../../../src/domain/evolve.ts'
import { mergeTwo } from '../../../src/domain/merge.ts'
import { extendPast, noPast } from '../../../src/domain/past.ts'
import type { Plain } from '../../../src/domain/plain.ts'
import { foldVersion, stateOf } from '../../../src/domain/snapshot.ts'
import { recordOf } from '../../../src/domain/state.ts'
import { given } from '../../../src/testing/given-when-then.ts'
import * as ex from '../../arbitraries/examples.ts'

const most = Number.MAX_SAFE_INTEGER

const decoded = (type: EventType, data: unknown, version = currentVersion(type)) =>
  decodeEvent(sha256)(type, version, data)

const examples = [
  ex.reservedAgain('lease'),
  ex.duplicateSeen(),
  ex.conflictRecorded(),
  ex.completed(),
  ex.expired('released'),
  ex.leaseRenewed(),
  ex.completionRejected({ ...ex.holder, currentEpoch: 1 }),
  ex.imported()
]

/** Every place of a number in an event that is an epoch or a count. */
const places: ReadonlyArray<readonly [EventType, string]> = [
  ['Reserved', 'epoch'],
  ['Reserved', 'after.epoch'],
  ['DuplicateSeen', 'count'],
  ['ConflictRecorded', 'count'],
  ['Completed', 'epoch'],
  ['Expired', 'epoch'],
  ['LeaseRenewed', 'epoch'],
  ['CompletionRejected', 'epoch'],
  ['CompletionRejected', 'currentEpoch'],
  ['Imported', 'epoch'],
  ['Imported', 'record.epoch'],
  ['Imported', 'record.conflictCount'],
  ['Imported', 'record.duplicateCount']
]

const replaced = (data: object, path: string, by: unknown): object => {
  const [field = '', ...rest] = path.split('.')
  const inner = (data as Record<string, unknown>)[field]
  return { ...data, [field]: rest.length === 0 ? by : replaced(inner as object, rest.join('.'), by) }
}

const exampleOf = (type: EventType): object => examples.find((example) => example.type === type)?.data ?? {}

const absurdities = [2 ** 53, 2 ** 64, -1, 0.5, Number.MAX_VALUE, Number.NaN, Number.POSITIVE_INFINITY, '1', null]

describe.each(places)('%s.%s', (type, path) => {
  const mayBeNone = path.endsWith('conflictCount') || path.endsWith('duplicateCount')
  it.each([...absurdities, ...(mayBeNone ? [] : [0])])('is CorruptStream by its path where it is %s', (value) => {
    expect(decoded(type, replaced(exampleOf(type), path, value))).toMatchObject({
      left: { _tag: 'CorruptStream', path: `$.${path}` }
    })
  })
  it.each([1, most, ...(mayBeNone ? [0] : [])])('is read where it is %d', (value) => {
    expect(decoded(type, replaced(exampleOf(type), path, value))._tag).toBe('Right')
  })
})

describe('the owners of a sighting', () => {
  it('are 16 at most', () => {
    const owners = Array.from({ length: 17 }, (_, index) => `owner-${index}`)
    for (const { type, data } of [ex.duplicateSeen(), ex.conflictRecorded()]) {
      expect(decoded(type, { ...data, owners: owners.slice(1) })._tag).toBe('Right')
      expect(decoded(type, { ...data, owners })).toMatchObject({ left: { path: '$.owners' } })
      expect(decoded(type, { ...data, owners: [7] })).toMatchObject({ left: { path: '$.owners' } })
    }
  })
})

const stream = (...events: ReadonlyArray<Plain<LedgerEvent>>): ReadonlyArray<IdentifiedEvent> =>
  events.map((event, index) => ({ ...event, id: `${index}` }) as IdentifiedEvent)

describe('counts that would pass the safe integers', () => {
  it('stay the greatest of them, so that what is written of them can be read', () => {
    const record = recordOf(
      fold(
        stream(
          ex.reserved(),
          ex.duplicateSeen({ count: most }),
          ex.duplicateSeen({ count: most }),
          ex.conflictRecorded({ count: most }),
          ex.conflictRecorded({ count: 2 })
        )
      )
    )
    expect(record).toMatchObject({ duplicateCount: most, conflictCount: most })
  })
  it('stay so where two events become one', () => {
    const merged = mergeTwo(
      ex.duplicateSeen({ count: most }) as LedgerEvent,
      ex.duplicateSeen({ count: 7 }) as LedgerEvent
    )
    expect(merged && decoded(merged.type, merged.data)).toMatchObject({ right: { data: { count: most } } })
  })
})

describe('a key whose epochs are used up', () => {
  const last = [ex.reserved({ epoch: most }), ex.expired('released', { epoch: most })]

  it.each<readonly [string, Plain<Command>, ReadonlyArray<Plain<LedgerEvent>>]>([
    ['a reserve', ex.reserve(), last],
    ['a takeover', ex.reserve({ atMs: 5000 }), last.slice(0, 1)],
    ['a reserve after the retention', ex.reserve({ atMs: 9000 }), [ex.reserved({ epoch: most, expiresAtMs: 5000 })]],
    ['an import', ex.importing(), last]
  ])('refuses %s rather than count on', (_, command, events) => {
    given(events).when(command).thenRefused('LimitExceeded')
  })
  it('can still be completed, released and read', () => {
    const held = ex.holderOf(most, 'claim-1')
    given(last.slice(0, 1))
      .when(ex.complete({ holder: held }))
      .thenAnswer({
        _tag: 'Completed',
        record: ex.record({ epoch: most, status: 'completed', lastSeenAtMs: 1200, outcome: ex.outcome() })
      })
    given(last)
      .when(ex.release({ holder: held }))
      .thenEvents([])
  })
  it('asks for no past that it has', () => {
    const events = stream(...last)
    for (const command of [ex.reserve(), ex.importing(), ex.complete({ holder: ex.holderOf(most - 1, 'x') })]) {
      const decision = decide(command as Command, fold(events), extendPast(noPast, events))
      expect(['Decided', 'Refused']).toContain(decision._tag)
    }
  })
})

describe('a snapshot', () => {
  const state = fold(stream(ex.reserved(), ex.expired('released'), ex.reservedAgain('released')))
  const kept = JSON.parse(JSON.stringify(state))

  it.each([
    ['record.epoch', 2 ** 53],
    ['record.epoch', 0],
    ['record.duplicateCount', -1],
    ['record.conflictCount', 1.5],
    ['after.epoch', 0],
    ['after.claimHash', 'claim-1'],
    ['claimHash', 'claim-2'],
    ['earlier', undefined],
    ['earlier', 'x'.repeat(16)],
    ['rejections', undefined],
    ['rejections', ['x']]
  ])('is passed over where its %s is %s', (path, value) => {
    expect(stateOf({ foldVersion, state: kept })).toEqual(state)
    expect(stateOf({ foldVersion, state: replaced(kept, path, value) })).toBeUndefined()
  })
  it('of a vacant key has an epoch from 0 on', () => {
    const vacant = { _tag: 'Vacant', epoch: 0, earlier: '', rejections: [] }
    expect(stateOf({ foldVersion, state: vacant })).toEqual(vacant)
    for (const epoch of [-1, 0.5, 2 ** 53]) {
      expect(stateOf({ foldVersion, state: { ...vacant, epoch } })).toBeUndefined()
    }
  })
})
