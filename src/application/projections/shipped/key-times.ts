import { type KeySight, type Standing, sightAfter, standingOf } from '../../../domain/reports/key-sight.ts'
import { emptyPacked, type PackedSketch, sketchSum, withNumber } from '../../../domain/reports/sketch.ts'
import { latenessIn, noKeys, timeIn } from '../../../domain/reports/stats.ts'
import type { KeyIdentity } from '../../stream/key-identity.ts'
import { type KeysReport, toldOfKeys } from '../../use-cases/reports/stats.ts'
import type { Projection } from '../projection.ts'
import type { RowReader } from '../row-reader.ts'
import { sumsByOperation } from './sums-by-operation.ts'
import { whoseColumns, whoseIn, whoseValues } from './whose.ts'

/** How a key stands, how long its work took, and how late its request came again. */
export type KeyTimes = {
  /** Whose it is; absent where its reservation was left out. */
  readonly whose?: KeyIdentity | undefined
  /** What reports keep of a key; absent before there was a reservation. */
  readonly sight?: KeySight | undefined
  /** From when the key was first seen to its outcome, ms, of every reservation that was completed. */
  readonly took: PackedSketch
  /** How long the last of them took, ms. */
  readonly lastTookMs?: number | undefined
  /** How long after their retention requests came again, and so ran again, ms. */
  readonly late: PackedSketch
  /** Completions that lie before their reservation; they are in no percentile. */
  readonly beforeReserved: number
}

/**
 * How every key that was ever reserved stands, and how long its work took: a row each, by record id. The columns stand in
 * docs/reference/read-models.md.
 */
export const keyTimes: Projection<KeyTimes> = {
  name: 'key_times',
  version: 1,
  initialState: { took: emptyPacked, late: emptyPacked, beforeReserved: 0 },
  evolve: (state, entry) => {
    const whose = whoseIn(entry) ?? state.whose
    const sight = sightAfter(state.sight, entry)
    const seen = { event: entry, before: state.sight }
    const took = timeIn(seen)
    const late = latenessIn(seen)
    return {
      whose,
      sight,
      took: took === undefined || took < 0 ? state.took : withNumber(state.took, took),
      lastTookMs: took === undefined || took < 0 ? state.lastTookMs : took,
      late: late === undefined ? state.late : withNumber(state.late, late),
      beforeReserved: took !== undefined && took < 0 ? state.beforeReserved + 1 : state.beforeReserved
    }
  },
  columns: {
    ...whoseColumns,
    standing: 'text',
    epoch: 'integer',
    first_seen_at_ms: 'integer',
    completions: 'integer',
    last_took_ms: 'integer',
    most_took_ms: 'integer'
  },
  columnsOf: ({ whose, sight, took, lastTookMs }) => ({
    ...whoseValues(whose),
    standing: sight && standingNames[standingOf(sight)],
    epoch: sight?.epoch,
    first_seen_at_ms: sight?.firstSeenAtMs,
    completions: took.count,
    last_took_ms: lastTookMs,
    most_took_ms: took.count === 0 ? undefined : took.most
  }),
  indexes: [['operation', 'standing']]
}

const standingNames: { readonly [standing in Standing]: string } = {
  reserved: 'reserved',
  completed: 'completed',
  conflicted: 'conflicted',
  inDoubt: 'in_doubt',
  free: 'free'
}

/** Sums up all keys. Of 1,000 operations each is told apart, any others are one. */
export const keysByOperation = (): RowReader<KeyTimes, KeysReport> => {
  const sums = sumsByOperation(() => ({ keys: { ...noKeys }, took: sketchSum() }))
  const late = sketchSum()
  let beforeReserved = 0
  return {
    take: (_, state) => {
      if (state.sight === undefined) return
      const { keys, took } = sums.of(state.sight.operation)
      keys[standingOf(state.sight)]++
      took.add(state.took)
      late.add(state.late)
      beforeReserved += state.beforeReserved
    },
    answer: () =>
      toldOfKeys({
        operations: new Map(
          sums.all().map(([operation, { keys, took }]) => [operation, { keys, timeToComplete: took.sketch() }])
        ),
        lateDuplicates: late.sketch(),
        beforeReserved
      })
  }
}
