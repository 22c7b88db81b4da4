import { type KeySight, sightAfter } from '../../../domain/reports/key-sight.ts'
import {
  emptyPacked,
  type PackedSketch,
  type Percentiles,
  percentilesOf,
  sketchSum,
  withNumber
} from '../../../domain/reports/sketch.ts'
import { latenessIn } from '../../../domain/reports/stats.ts'
import type { KeyIdentity } from '../../stream/key-identity.ts'
import type { Projection } from '../projection.ts'
import type { RowReader } from '../row-reader.ts'
import { sumsByOperation } from './sums-by-operation.ts'
import { whoseColumns, whoseIn, whoseValues } from './whose.ts'

/** What came too late of a key: requests that ran again, since what was remembered of them was past its retention. */
export type LateKey = {
  /** Whose it is; absent where its reservation was left out. */
  readonly whose?: KeyIdentity | undefined
  /** What reports keep of a key; absent before there was a reservation. */
  readonly sight?: KeySight | undefined
  /** How long after its retention the request came again, ms, each time. */
  readonly late: PackedSketch
  /** When it did so last, epoch ms. */
  readonly lastAtMs?: number | undefined
  /** How long after its retention that was, ms. */
  readonly lastLateMs?: number | undefined
}

/**
 * Late duplicates: a `Reserved` whose key had a record of the same fingerprint before it, which retention had ended. Had it been
 * remembered for longer, the request would have been answered, and not run again. A row for each key that had one, or still
 * may, by record id. The columns stand in docs/reference/read-models.md.
 */
export const lateDuplicates: Projection<LateKey> = {
  name: 'late_duplicates',
  version: 1,
  initialState: { late: emptyPacked },
  evolve: (state, entry) => {
    const whose = whoseIn(entry) ?? state.whose
    const sight = sightAfter(state.sight, entry)
    const lateness = latenessIn({ event: entry, before: state.sight })
    if (lateness !== undefined) {
      const late = withNumber(state.late, lateness)
      return { whose, sight, late, lastAtMs: entry.data.atMs, lastLateMs: lateness }
    }
    const mayStill = sight !== undefined && (sight.endedBy ?? 'retention') === 'retention'
    return mayStill || state.late.count > 0 ? { ...state, whose, sight } : undefined
  },
  columns: {
    ...whoseColumns,
    request_fingerprint: 'text',
    late: 'integer',
    last_at_ms: 'integer',
    last_late_ms: 'integer',
    most_late_ms: 'integer'
  },
  columnsOf: ({ whose, sight, late, lastAtMs, lastLateMs }) => ({
    ...whoseValues(whose),
    request_fingerprint: sight?.requestFingerprint,
    late: late.count,
    last_at_ms: lastAtMs,
    last_late_ms: lastLateMs,
    most_late_ms: late.count === 0 ? undefined : late.most
  }),
  indexes: [['late'], ['operation', 'late']]
}

/** What came too late, by operation. */
export type LateByOperation = ReadonlyArray<{
  /** What the keys were for. */
  readonly operation: string
  /** How many keys had late duplicates. */
  readonly keys: number
  /** How long after its retention each of them came, ms. */
  readonly lateness: Percentiles
}>

/**
 * Sums up the keys that had late duplicates, by operation: those first that had the most. Of 1,000 operations each is told apart, any others are one.
 */
export const lateByOperation = (): RowReader<LateKey, LateByOperation> => {
  const sums = sumsByOperation(() => ({ keys: 0, late: sketchSum() }))
  return {
    take: (_, { whose, late }) => {
      if (late.count === 0) return
      const sum = sums.of(whose?.operation ?? '')
      sum.keys++
      sum.late.add(late)
    },
    answer: () =>
      sums
        .all()
        .flatMap(([operation, { keys, late }]) => {
          const lateness = percentilesOf(late.sketch())
          return lateness === undefined ? [] : [{ operation, keys, lateness }]
        })
        .sort((a, b) => b.lateness.count - a.lateness.count || (a.operation < b.operation ? -1 : 1))
  }
}
