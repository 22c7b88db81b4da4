import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Failure } from '../../../domain/failure.ts'
import { noOthers } from '../../../domain/parsing/known-members.ts'
import { allOf, defaulted, matching, type Parsed, type Parser } from '../../../domain/parsing/parsed.ts'
import type { EventCounts } from '../../../domain/reports/buckets.ts'
import { type KeySight, sightAfter } from '../../../domain/reports/key-sight.ts'
import { type Percentiles, percentilesOf } from '../../../domain/reports/sketch.ts'
import {
  type KeyCounts,
  mergeStats,
  noStatsYet,
  type Observation,
  type Stats,
  statsOf
} from '../../../domain/reports/stats.ts'
import { parseRequest } from '../../requests/parse-request.ts'
import type { Settings } from '../../settings.ts'
import { type SeenEvent, scanEvents } from '../../stream/scan-events.ts'
import { type EventFilter, type EventScan, eventFilterNames, parseEventFilter } from '../event-filter.ts'

/** Which events to count, and for which lengths of time. */
export type StatsFilter = EventFilter & {
  /** How long each of the times is that events are counted for, ms. An hour where it is left out; at most 1,000 of them. */
  readonly bucketMs?: number | undefined
}

/** How keys stand, and how long they took. Percentiles are off by 1 % at most. */
export type KeysReport = {
  /** By name; how its keys stand at the end of the log, and how long they took to complete, ms. */
  readonly operations: ReadonlyArray<{
    /** Its name; `_OTHER` for all beyond the first 1,000. */
    readonly operation: string
    /** How many of its keys stand how. */
    readonly keys: KeyCounts
    /** From when a key was first seen to its outcome, ms; undefined where none was completed. */
    readonly timeToComplete: Percentiles | undefined
  }>
  /** Requests that came again after their retention was over and so ran again: how long after it, ms. */
  readonly lateDuplicates: Percentiles | undefined
  /** Completions that lie before their reservation; they are in no percentile. */
  readonly beforeReserved: number
}

/** How many events were recorded when. */
export type TimesReport = {
  /** How many events were counted. */
  readonly events: number
  /** How many events were recorded in each time; wider than asked for where there were more than 1,000. */
  readonly bucketMs: number
  /** The times in which there were events, in order. */
  readonly buckets: ReadonlyArray<{
    /** When it begins, epoch ms. */
    readonly fromMs: number
    /** How many events of each type there were. */
    readonly counts: EventCounts
  }>
}

/** What the events that fit come to. */
export type StatsReport = KeysReport &
  TimesReport & {
    /** Where it was read from. */
    readonly source: 'scan' | 'views'
  }

const hour = 3_600_000

const width: Parser<number> = matching(
  (value): value is number => Number.isSafeInteger(value) && Number(value) > 0,
  'must be a whole number of milliseconds above 0'
)

type Reading = { readonly scan: EventScan; readonly bucketMs: number }

const members = noOthers<StatsFilter>({ ...eventFilterNames, bucketMs: true })

const parseStats = (settings: Settings, filter: StatsFilter): Parsed<Reading> =>
  allOf({
    scan: parseEventFilter(settings, filter),
    bucketMs: defaulted(width, hour)('$.bucketMs', filter.bucketMs)
  })

/** Keeps what each key was before, and tells of events what they changed. */
const observing = ({ isOfKey, isInTime }: EventScan) => {
  const sights = new Map<string, KeySight>()
  return (seen: SeenEvent): ReadonlyArray<Observation> => {
    const { event, recorded } = seen
    if (!isOfKey(seen)) return []
    const before = sights.get(recorded.stream)
    const after = sightAfter(before, event)
    if (after === undefined) return []
    sights.set(recorded.stream, after)
    return [{ event, before, after, recordedAtMs: recorded.recordedAtMs, counted: isInTime(seen) }]
  }
}

const byName = <A>([a]: readonly [string, A], [b]: readonly [string, A]): number => (a < b ? -1 : 1)

/** How the keys of operations stand and how long they took, for whoever reads it. */
export const toldOfKeys = ({
  operations,
  lateDuplicates,
  beforeReserved
}: Pick<Stats, 'operations' | 'lateDuplicates' | 'beforeReserved'>): KeysReport => ({
  operations: [...operations].sort(byName).map(([operation, { keys, timeToComplete }]) => ({
    operation,
    keys,
    timeToComplete: percentilesOf(timeToComplete)
  })),
  lateDuplicates: percentilesOf(lateDuplicates),
  beforeReserved
})

/** How many events were recorded when, for whoever reads it. */
export const toldOfTimes = ({ events, buckets }: Pick<Stats, 'events' | 'buckets'>): TimesReport => ({
  events,
  bucketMs: buckets.widthMs,
  buckets: [...buckets.counts].sort(([a], [b]) => a - b).map(([fromMs, counts]) => ({ fromMs, counts }))
})

/** Both together. */
export const statsReport = (source: StatsReport['source'], keys: KeysReport, times: TimesReport): StatsReport => ({
  source,
  ...keys,
  ...times
})

/** How keys stand, how many events came when, and how long work took. A plain scan of the log; remembers every key briefly. */
export const stats =
  (settings: Settings) =>
  (filter: StatsFilter = {}): TaskEither<Failure, StatsReport> =>
  () =>
    pipe(
      parseRequest(settings, parseStats, filter, members),
      E.fold(
        async (refused) => E.left(refused),
        async ({ scan, bucketMs }) => {
          const observe = observing(scan)
          let all = noStatsYet(bucketMs)
          const failed = await scanEvents(settings, scan, scan.byKey, async (seen) => {
            all = mergeStats(all, statsOf(seen.flatMap(observe), bucketMs))
            return undefined
          })
          return failed === undefined ? E.right(statsReport('scan', toldOfKeys(all), toldOfTimes(all))) : E.left(failed)
        }
      )
    )
