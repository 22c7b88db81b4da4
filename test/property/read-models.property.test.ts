import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import type { Item } from '../../src/application/projections/item.ts'
import type { Projection } from '../../src/application/projections/projection.ts'
import type { RowReader } from '../../src/application/projections/row-reader.ts'
import { conflictsBy, keyConflicts } from '../../src/application/projections/shipped/conflicts.ts'
import { dueBefore, dueKeys, leaseOverBefore } from '../../src/application/projections/shipped/due-keys.ts'
import { eventRates, ratesOf } from '../../src/application/projections/shipped/event-rates.ts'
import { keyIndex, listed } from '../../src/application/projections/shipped/key-index.ts'
import { keysByOperation, keyTimes } from '../../src/application/projections/shipped/key-times.ts'
import { lateByOperation, lateDuplicates } from '../../src/application/projections/shipped/late-duplicates.ts'
import { shipped } from '../../src/application/projections/shipped/shipped.ts'
import { stuckAt, stuckKeys } from '../../src/application/projections/shipped/stuck-keys.ts'
import { takeBatch } from '../../src/application/projections/take-batch.ts'
import { defaultLimits } from '../../src/application/settings.ts'
import { conflictReport } from '../../src/application/use-cases/reports/conflicts.ts'
import { toldOfKeys, toldOfTimes } from '../../src/application/use-cases/reports/stats.ts'
import { defaultPolicy } from '../../src/domain/commands.ts'
import { isLeaseOver, isRetentionOver } from '../../src/domain/due.ts'
import type { IdentifiedEvent } from '../../src/domain/events/ledger-event.ts'
import { evolve } from '../../src/domain/evolve.ts'
import type { Instant } from '../../src/domain/instant.ts'
import type { Parsed } from '../../src/domain/parsing/parsed.ts'
import type { IdempotencyRecord } from '../../src/domain/record.ts'
import { conflictsOf, type SeenConflict } from '../../src/domain/reports/conflicts.ts'
import { type KeySight, sightAfter } from '../../src/domain/reports/key-sight.ts'
import { mergeStats, noStatsYet, type Observation, type Stats, statsOf } from '../../src/domain/reports/stats.ts'
import { initialState, recordOf, type State } from '../../src/domain/state.ts'
import { stuckReason } from '../../src/domain/stuck.ts'
import { arbitraryHistory } from '../arbitraries/history.ts'

const noHash = '0'.repeat(64)
const settings = { limits: defaultLimits, policy: defaultPolicy, clock: () => 0 }
const idOf = (key: number): string => `idem_${key.toString(16).padStart(8, '0')}${'0'.repeat(56)}`

/** All events of a real key say the same of what it is for: its record id is the hash of that. */
const ofOneOperation = (event: IdentifiedEvent, operation: string): IdentifiedEvent => {
  if (event.type === 'Reserved') return { ...event, data: { ...event.data, operation } }
  if (event.type !== 'Imported') return event
  return { ...event, data: { ...event.data, record: { ...event.data.record, operation } } }
}

/** Keys' histories, one event of each in turn, with gaps between the store's times of recording. */
const arbitraryLog = fc
  .record({
    histories: fc.array(arbitraryHistory, { minLength: 1, maxLength: 5 }),
    gap: fc.constantFrom(1, 700, 45_000, 5_000_000),
    partitions: fc.integer({ min: 1, max: 3 }),
    size: fc.integer({ min: 1, max: 9 })
  })
  .map(({ histories, gap, partitions, size }) => {
    const items: Array<Extract<Item, { readonly _tag: 'Event' }>> = []
    const longest = Math.max(...histories.map(({ length }) => length))
    for (let at = 0; at < longest; at++) {
      for (const [key, history] of histories.entries()) {
        const given = history[at]
        if (given === undefined) continue
        const event = ofOneOperation(given, `op-${key % 2}`)
        const recordId = idOf(key)
        const position = `${items.length + 1}`
        const recordedAtMs = items.length * gap
        const stored = { stream: `c-${recordId}`, revision: BigInt(at), position, recordedAtMs }
        const entry = { ...event, ...stored, schemaVersion: 1, hash: noHash, previousHash: noHash }
        items.push({ _tag: 'Event', recordId, position, entry })
      }
    }
    return { items, partitions, size }
  })

type Log = { readonly items: ReadonlyArray<Item>; readonly partitions: number; readonly size: number }

/** The rows that a store would hold: batch by batch, partition by partition, as texts. */
const rowsOf = <S>(projection: Projection<S>, { items, partitions, size }: Log): ReadonlyMap<string, S> => {
  const whole = new Map<string, S>()
  for (let partition = 0; partition < partitions; partition++) {
    const rows = new Map<string, string>()
    const mine = items.filter(({ recordId }) => Number.parseInt(recordId.slice(5, 13), 16) % partitions === partition)
    for (let at = 0; at < mine.length; at += size) {
      const taken = takeBatch(
        projection,
        partition,
        { rows, parked: [], skipped: [] },
        mine.slice(at, at + size),
        'fail',
        0
      )
      if (E.isLeft(taken)) throw new Error(taken.left.message)
      for (const { row, state } of taken.right.rows) {
        if (state === undefined) rows.delete(row)
        else rows.set(row, state)
      }
    }
    for (const [row, text] of rows) {
      const part: S = JSON.parse(text)
      const before = whole.get(row)
      whole.set(row, before === undefined ? part : (projection.merge?.(before, part) ?? part))
    }
  }
  return new Map([...whole].sort(([a], [b]) => (a < b ? -1 : 1)))
}

const answerOf = <S, A>(projection: Projection<S>, log: Log, reader: Parsed<RowReader<S, A>>): unknown => {
  if (E.isLeft(reader)) throw new Error(reader.left.message)
  for (const [row, state] of rowsOf(projection, log)) if (reader.right.take(row, state) === false) break
  return asJson(reader.right.answer())
}

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

/** The record of each key, by record id. */
const recordsIn = (items: ReadonlyArray<Item>): ReadonlyArray<IdempotencyRecord> => {
  const states = new Map<string, State>()
  for (const item of items) {
    if (item._tag === 'Event') states.set(item.recordId, evolve(states.get(item.recordId) ?? initialState, item.entry))
  }
  return [...states]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([row, state]) => {
      const record = recordOf(state)
      return record === undefined ? [] : [{ ...record, row }]
    })
}

/** What a scan would sum up. */
const statsIn = (items: ReadonlyArray<Item>): Stats => {
  const sights = new Map<string, KeySight>()
  const seen: Array<Observation> = []
  for (const item of items) {
    if (item._tag !== 'Event') continue
    const before = sights.get(item.recordId)
    const after = sightAfter(before, item.entry)
    if (after === undefined) continue
    sights.set(item.recordId, after)
    seen.push({ event: item.entry, before, after, recordedAtMs: item.entry.recordedAtMs, counted: true })
  }
  return mergeStats(noStatsYet(3_600_000), statsOf(seen, 3_600_000))
}

const time = fc.integer({ min: 0, max: 6000 }).map((ms) => ms as Instant)
const bare = (records: ReadonlyArray<object>): unknown =>
  asJson(records.map((record) => ({ ...record, row: undefined })))
const rowNames = (records: ReadonlyArray<object>): unknown =>
  records.map((record) => ('row' in record ? record.row : ''))

const runs = { numRuns: 60 }

describe('the shipped read models, however the log is cut and divided,', () => {
  it('take every event in, of every type', () => {
    fc.assert(
      fc.property(arbitraryLog, (log) => {
        for (const projection of shipped.values()) rowsOf(projection, log)
      }),
      { numRuns: 30 }
    )
  })
  it('list the records that the fold has', () => {
    fc.assert(
      fc.property(arbitraryLog, (log) => {
        expect(answerOf(keyIndex, log, listed(settings, {}))).toEqual(bare(recordsIn(log.items)))
      }),
      runs
    )
  })
  it('know which keys are stuck at any time, and why', () => {
    fc.assert(
      fc.property(arbitraryLog, time, (log, now) => {
        const wanted = recordsIn(log.items).flatMap((record) => {
          const reason = stuckReason(record, now, defaultPolicy)
          return reason === undefined ? [] : [{ record: { ...record, row: undefined }, ...reason }]
        })
        expect(answerOf(stuckKeys, log, stuckAt(settings, { nowMs: now }))).toEqual(asJson(wanted))
      }),
      runs
    )
  })
  it('know which keys are due, and which leases are over', () => {
    fc.assert(
      fc.property(arbitraryLog, time, (log, now) => {
        const records = recordsIn(log.items)
        const due = records.filter((record) => isRetentionOver(record, now, defaultPolicy))
        const over = records.filter((one) => one.outcome === undefined && isLeaseOver(one, now, defaultPolicy))
        expect(answerOf(dueKeys, log, dueBefore(now))).toEqual({ recordIds: rowNames(due) })
        expect(answerOf(dueKeys, log, leaseOverBefore(now))).toEqual({ recordIds: rowNames(over) })
      }),
      runs
    )
  })
  it('count the conflicts that a scan counts', () => {
    fc.assert(
      fc.property(arbitraryLog, (log) => {
        const seen = log.items.flatMap((item): ReadonlyArray<SeenConflict> => {
          if (item._tag !== 'Event' || item.entry.type !== 'ConflictRecorded') return []
          return [{ operation: `op-${Number(item.recordId.slice(5, 13)) % 2}`, event: item.entry }]
        })
        const wanted = conflictReport(conflictsOf(seen), 'views')
        expect(answerOf(keyConflicts, log, conflictsBy(settings, {}))).toEqual(asJson(wanted))
      }),
      runs
    )
  })
  it('have the statistics that a scan has', () => {
    fc.assert(
      fc.property(arbitraryLog, (log) => {
        const wanted = statsIn(log.items)
        expect(answerOf(keyTimes, log, E.right(keysByOperation()))).toEqual(asJson(toldOfKeys(wanted)))
        expect(answerOf(eventRates, log, ratesOf({}))).toEqual(asJson(toldOfTimes(wanted)))
        const late = lateByOperation()
        for (const [row, state] of rowsOf(lateDuplicates, log)) late.take(row, state)
        const count = late.answer().reduce((sum, { lateness }) => sum + lateness.count, 0)
        expect(count).toBe(wanted.lateDuplicates.count)
      }),
      runs
    )
  })
})
