import type { StatsReport } from '../../../application/use-cases/reports/stats.ts'
import { totalOf } from '../../../domain/reports/buckets.ts'
import { type Percentiles, relativeError } from '../../../domain/reports/sketch.ts'
import type { Cli } from '../cli.ts'
import { counted } from '../terminal/counted.ts'
import { bar, type Ink, inkFor, sparkline } from '../terminal/draw.ts'
import { modeFor } from '../terminal/mode.ts'
import { at, type Cell, each, headline, table, type View } from '../terminal/view.ts'
import { snakeData } from './snake-data.ts'

/** On a terminal the last so many times are drawn; in a pipe all are there. */
const mostDrawn = 24
const barLength = 30
/** Of a terminal that does not say. */
const usualLength = 80

const rounded = (ms: number): number => Math.round(ms)

const percentilesJson = (of: Percentiles | undefined) =>
  of === undefined
    ? { count: 0 }
    : {
        count: of.count,
        p50_ms: rounded(of.p50),
        p90_ms: rounded(of.p90),
        p99_ms: rounded(of.p99),
        most_ms: rounded(of.most)
      }

export const statsJson = (report: StatsReport) => ({
  source: report.source,
  events: report.events,
  relative_error: relativeError,
  operations: each(report.operations, ({ operation, keys: { inDoubt, ...keys }, timeToComplete }) => ({
    operation,
    keys: { ...keys, in_doubt: inDoubt },
    time_to_complete: percentilesJson(timeToComplete)
  })),
  bucket_ms: report.bucketMs,
  buckets: each(report.buckets, ({ fromMs, counts }) => ({ from_ms: fromMs, counts: snakeData(counts) })),
  late_duplicates: percentilesJson(report.lateDuplicates),
  completed_before_reserved: report.beforeReserved
})

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000]
] as const

/** A length as people read it: in the largest unit of which it is one or more. */
const length = (ms: number): string => {
  const [unit, size] = units.find(([, of]) => ms >= of) ?? ['ms', 1]
  return `${Number((ms / size).toPrecision(3))}${unit}`
}

const lengths = (of: Percentiles | undefined): ReadonlyArray<Cell> =>
  of === undefined ? ['', '', '', ''] : [of.p50, of.p90, of.p99, of.most].map(length)

const operations = ({ operations: all }: StatsReport): View =>
  table(
    [
      'operation',
      'reserved',
      'in doubt',
      'completed',
      { name: 'conflicted', drop: 2 },
      { name: 'free', drop: 1 },
      { name: 'took p50', drop: 4 },
      { name: 'p90', drop: 3 },
      { name: 'p99', drop: 5 },
      { name: 'most', drop: 6 }
    ],
    each(all, ({ operation, keys, timeToComplete }) => [
      operation,
      keys.reserved,
      keys.inDoubt,
      keys.completed,
      keys.conflicted,
      keys.free,
      ...lengths(timeToComplete)
    ])
  )

/** The types of events that are told apart; the last column has all that there are. */
const told = ['Reserved', 'DuplicateSeen', 'ConflictRecorded', 'Completed', 'Expired'] as const
type Bucket = StatsReport['buckets'][number]

const head = [
  'from',
  { name: 'reserved', drop: 4 },
  { name: 'duplicates', drop: 6 },
  { name: 'conflicts', drop: 3 },
  { name: 'completed', drop: 5 },
  { name: 'expired', drop: 2 },
  'all'
]

const cellsOf = ({ fromMs, counts }: Bucket): ReadonlyArray<Cell> => [
  at(fromMs),
  ...told.map((type) => counts[type] ?? 0),
  totalOf(counts)
]

/** On a terminal the last times, with bars where there is room. */
const drawn = ({ buckets }: StatsReport, ink: Ink): View => {
  const shown = buckets.slice(-mostDrawn)
  const totals = shown.map(({ counts }) => totalOf(counts))
  const most = Math.max(...totals)
  return table(
    [...head, { name: 'bar', drop: 1 }],
    shown.map((bucket, index) => [...cellsOf(bucket), bar(totals[index] ?? 0, most, barLength, ink)])
  )
}

/** How many events there were in each of the last times up to the last one that had any, as many as a line has room for. */
const lately = ({ buckets, bucketMs }: StatsReport, lineLength: number): ReadonlyArray<number> => {
  const last = buckets.at(-1)?.fromMs
  const first = buckets[0]?.fromMs
  if (last === undefined || first === undefined) return []
  const byTime = new Map(buckets.map(({ fromMs, counts }) => [fromMs, totalOf(counts)]))
  const count = Math.min(lineLength, (last - first) / bucketMs + 1)
  return Array.from({ length: count }, (_, at) => byTime.get(last - (count - 1 - at) * bucketMs) ?? 0)
}

const times = (cli: Cli, report: StatsReport): ReadonlyArray<View> => {
  const { form, lineLength = usualLength } = modeFor(cli.deps.stdout, cli.deps.env, false)
  if (form !== 'terminal') return [table(head, each(report.buckets, cellsOf))]
  const ink = inkFor(cli.deps.env)
  const line = lately(report, lineLength)
  return [...(line.length > 1 ? [headline(sparkline(line, ink), 'good')] : []), drawn(report, ink)]
}

const wordsOf = { scan: 'a scan', views: 'the views' } as const

export const statsViews = (cli: Cli, report: StatsReport): ReadonlyArray<View> => {
  const { events, source, bucketMs, lateDuplicates: late, beforeReserved } = report
  return [
    headline(
      `${counted(events, 'event')} by ${wordsOf[source]}; percentiles are off by ${relativeError * 100} % at most`,
      'quiet'
    ),
    operations(report),
    headline(`events for each ${length(bucketMs)}`, 'quiet'),
    ...times(cli, report),
    headline(
      late === undefined
        ? 'no request came again after its retention'
        : `${late.count} came again after their retention and ran again: half of them within ${length(late.p50)}, the last ${length(late.most)} after it`,
      late === undefined ? 'quiet' : 'notice'
    ),
    ...(beforeReserved === 0
      ? []
      : [headline(`${counted(beforeReserved, 'completion')} before the reservation: clocks disagree`, 'notice')])
  ]
}
