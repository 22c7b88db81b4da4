import type { LedgerEvent } from '../events/ledger-event.ts'
import { type Buckets, bucketsOf, mergeBuckets } from './buckets.ts'
import { type KeySight, type Standing, standingOf } from './key-sight.ts'
import { emptySketch, mergeSketches, type Sketch, sketchOf } from './sketch.ts'

/** One event of a key, and the key before and after it. */
export type Observation = {
  readonly event: LedgerEvent
  readonly before: KeySight | undefined
  readonly after: KeySight
  /** When the store recorded it, epoch ms. */
  readonly recordedAtMs: number
  /** Whether it lies in the time that is asked about; how keys stand is counted whatever that is. */
  readonly counted: boolean
}

/** How the keys of an operation stand: of a part of a log a difference, of a whole one how many there are. */
export type KeyCounts = { readonly [standing in Standing]: number }

export type OperationStats = {
  readonly keys: KeyCounts
  /** From when a key was first seen to its outcome, ms. */
  readonly timeToComplete: Sketch
}

/** What a part of a log adds to the statistics of the whole: parts are merged in the order of the log, and in any grouping. */
export type Stats = {
  readonly events: number
  readonly operations: ReadonlyMap<string, OperationStats>
  readonly buckets: Buckets
  /** Requests that came again after their retention was over, and so ran again: how long after it, ms. */
  readonly lateDuplicates: Sketch
  /** Completions that lie before their reservation: clocks disagree. */
  readonly beforeReserved: number
}

/** So many operations are told apart; any others are counted as one. */
export const mostOperations = 1000
export const otherOperations = '_OTHER'

export const noKeys: KeyCounts = { reserved: 0, completed: 0, conflicted: 0, inDoubt: 0, free: 0 }
const noStats: OperationStats = { keys: noKeys, timeToComplete: emptySketch }

const summed = (a: KeyCounts, b: KeyCounts): KeyCounts => ({
  reserved: a.reserved + b.reserved,
  completed: a.completed + b.completed,
  conflicted: a.conflicted + b.conflicted,
  inDoubt: a.inDoubt + b.inDoubt,
  free: a.free + b.free
})

const mergeOperations = (a: Stats['operations'], b: Stats['operations']): Stats['operations'] => {
  const merged = new Map(a)
  for (const [operation, { keys, timeToComplete }] of b) {
    const name = merged.has(operation) || merged.size < mostOperations ? operation : otherOperations
    const before = merged.get(name) ?? noStats
    merged.set(name, {
      keys: summed(before.keys, keys),
      timeToComplete: mergeSketches(before.timeToComplete, timeToComplete)
    })
  }
  return merged
}

export const noStatsYet = (widthMs: number): Stats => ({
  events: 0,
  operations: new Map(),
  buckets: { widthMs, counts: new Map() },
  lateDuplicates: emptySketch,
  beforeReserved: 0
})

export const mergeStats = (a: Stats, b: Stats): Stats => ({
  events: a.events + b.events,
  operations: mergeOperations(a.operations, b.operations),
  buckets: mergeBuckets(a.buckets, b.buckets),
  lateDuplicates: mergeSketches(a.lateDuplicates, b.lateDuplicates),
  beforeReserved: a.beforeReserved + b.beforeReserved
})

/** How long a completion took, if this is the one that stored the outcome. */
export const timeIn = ({ event, before }: Pick<Observation, 'event' | 'before'>): number | undefined =>
  event.type === 'Completed' && before?.epoch === event.data.epoch && !before.hasOutcome && before.endedBy === undefined
    ? event.data.outcome.completedAtMs - before.firstSeenAtMs
    : undefined

/** How long after its retention a request came again, if this is one that did. */
export const latenessIn = ({ event, before }: Pick<Observation, 'event' | 'before'>): number | undefined =>
  event.type === 'Reserved' &&
  before?.endedBy === 'retention' &&
  before.requestFingerprint === event.data.requestFingerprint
    ? Math.max(0, event.data.atMs - (before.expiresAtMs ?? event.data.atMs))
    : undefined

const definedIn = <A>(values: ReadonlyArray<A | undefined>): ReadonlyArray<A> =>
  values.flatMap((value) => (value === undefined ? [] : [value]))

const operationStats = (observations: ReadonlyArray<Observation>): OperationStats => {
  const keys: { -readonly [standing in Standing]: number } = { ...noKeys }
  for (const { before, after } of observations) {
    if (before !== undefined) keys[standingOf(before)]--
    keys[standingOf(after)]++
  }
  const times = definedIn(observations.filter(({ counted }) => counted).map(timeIn))
  return { keys, timeToComplete: sketchOf(times.filter((ms) => ms >= 0)) }
}

/** The statistics of a part of a log, in its order. */
export const statsOf = (observations: ReadonlyArray<Observation>, widthMs: number): Stats => {
  const counted = observations.filter((one) => one.counted)
  const byOperation = new Map<string, Array<Observation>>()
  for (const one of observations) {
    const others = byOperation.get(one.after.operation)
    if (others === undefined) byOperation.set(one.after.operation, [one])
    else others.push(one)
  }
  return {
    events: counted.length,
    operations: new Map([...byOperation].map(([operation, some]) => [operation, operationStats(some)])),
    buckets: bucketsOf(
      counted.map(({ event: { type }, recordedAtMs }) => ({ type, atMs: recordedAtMs })),
      widthMs
    ),
    lateDuplicates: sketchOf(definedIn(counted.map(latenessIn))),
    beforeReserved: definedIn(counted.map(timeIn)).filter((ms) => ms < 0).length
  }
}
