import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { EventType } from '../../../domain/events/ledger-event.ts'
import { noOthers } from '../../../domain/parsing/known-members.ts'
import { allOf, defaulted, matching, type Parsed } from '../../../domain/parsing/parsed.ts'
import { optionalInstant } from '../../../domain/parsing/values.ts'
import { addedCounts, type Buckets, bounded, type EventCounts, totalOf } from '../../../domain/reports/buckets.ts'
import { parseRequest } from '../../requests/parse-request.ts'
import { type TimesReport, toldOfTimes } from '../../use-cases/reports/stats.ts'
import type { Projection } from '../projection.ts'
import type { RowReader } from '../row-reader.ts'

const minute = 60_000
const hour = 3_600_000

/** The events that the store recorded in one hour. */
export type HourOfEvents = {
  /** When it begins, epoch ms. */
  readonly fromMs: number
  /** How many events of each type there were in each minute of it, 0 to 59, in which there were any. */
  readonly minutes: { readonly [minute: string]: EventCounts }
}

const beginningOf = (ms: number, widthMs: number): number => Math.floor(ms / widthMs) * widthMs

/** As many digits as a time may have, so that rows stand in the order of time. */
const rowOf = (fromMs: number): string => `${fromMs}`.padStart(16, '0')

/** Each type of event by its column; complete by its type. */
const columnNames: { readonly [type in EventType]: string } = {
  Reserved: 'reserved',
  DuplicateSeen: 'duplicate_seen',
  ConflictRecorded: 'conflict_recorded',
  Completed: 'completed',
  Expired: 'expired',
  LeaseRenewed: 'lease_renewed',
  CompletionRejected: 'completion_rejected',
  RecoveryPointReached: 'recovery_point_reached',
  MarkedInDoubt: 'marked_in_doubt',
  Imported: 'imported'
}

const wholeHour = (minutes: HourOfEvents['minutes']): EventCounts => Object.values(minutes).reduce(addedCounts, {})

/**
 * How many events of each type the store recorded: a row for each hour in which there were any, with its minutes. The columns
 * stand in docs/reference/read-models.md.
 */
export const eventRates: Projection<HourOfEvents> = {
  name: 'event_rates',
  version: 1,
  initialState: { fromMs: 0, minutes: {} },
  rowOf: ({ recordedAtMs }) => rowOf(beginningOf(recordedAtMs, hour)),
  evolve: ({ minutes }, { recordedAtMs, type }) => {
    const fromMs = beginningOf(recordedAtMs, hour)
    const at = `${Math.floor((recordedAtMs - fromMs) / minute)}`
    return { fromMs, minutes: { ...minutes, [at]: addedCounts(minutes[at] ?? {}, { [type]: 1 }) } }
  },
  merge: (a, b) => {
    const minutes: { [minute: string]: EventCounts } = { ...a.minutes }
    for (const [at, counts] of Object.entries(b.minutes)) minutes[at] = addedCounts(minutes[at] ?? {}, counts)
    return { fromMs: a.fromMs, minutes }
  },
  columns: {
    from_ms: 'integer',
    events: 'integer',
    reserved: 'integer',
    duplicate_seen: 'integer',
    conflict_recorded: 'integer',
    completed: 'integer',
    expired: 'integer',
    lease_renewed: 'integer',
    completion_rejected: 'integer',
    recovery_point_reached: 'integer',
    marked_in_doubt: 'integer',
    imported: 'integer'
  },
  columnsOf: ({ fromMs, minutes }) => {
    const counts = wholeHour(minutes)
    const byColumn = Object.entries(columnNames).map(([type, name]) => [name, counts[type as EventType] ?? 0])
    return { from_ms: fromMs, events: totalOf(counts), ...Object.fromEntries(byColumn) }
  },
  indexes: [['from_ms']]
}

/** Which times to tell of, and how long each is. */
export type RatesFilter = {
  /** Only minutes that begin at this time or later, epoch ms. */
  readonly fromMs?: number | undefined
  /** Only minutes that begin before this time, epoch ms. */
  readonly untilMs?: number | undefined
  /** How long each of the times is, ms: whole minutes. An hour where it is left out; wider where they would be over 1,000. */
  readonly bucketMs?: number | undefined
}

/** Whether the view can tell of times of a length. */
export const holdsWidth = (ms: number): boolean => Number.isSafeInteger(ms) && ms > 0 && ms % minute === 0

const width = matching(
  (value): value is number => typeof value === 'number' && holdsWidth(value),
  'must be whole minutes, in milliseconds'
)

const members = noOthers<RatesFilter>({ fromMs: true, untilMs: true, bucketMs: true })

const parsed = (_: object, { fromMs, untilMs, bucketMs }: RatesFilter) =>
  allOf({
    from: optionalInstant('$.fromMs', fromMs),
    until: optionalInstant('$.untilMs', untilMs),
    bucketMs: defaulted(width, hour)('$.bucketMs', bucketMs)
  })

/** Sums up the minutes to times of another length. */
export const ratesOf = (filter: RatesFilter): Parsed<RowReader<HourOfEvents, TimesReport>> =>
  pipe(
    parseRequest({}, parsed, filter, members),
    E.map(({ from = 0, until = Number.POSITIVE_INFINITY, bucketMs }) => {
      let buckets: Buckets = { widthMs: bucketMs, counts: new Map() }
      let events = 0
      return {
        take: (_, { fromMs, minutes }) => {
          const counts = new Map(buckets.counts)
          for (const [at, inMinute] of Object.entries(minutes)) {
            const beginning = fromMs + Number(at) * minute
            if (beginning < from || beginning >= until) continue
            const bucket = beginningOf(beginning, buckets.widthMs)
            counts.set(bucket, addedCounts(counts.get(bucket) ?? {}, inMinute))
            events += totalOf(inMinute)
          }
          buckets = bounded({ widthMs: buckets.widthMs, counts })
        },
        answer: () => toldOfTimes({ events, buckets })
      }
    })
  )
