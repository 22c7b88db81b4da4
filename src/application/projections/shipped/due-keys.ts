import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { allOf, optional, type Parsed } from '../../../domain/parsing/parsed.ts'
import { instant, string } from '../../../domain/parsing/values.ts'
import { clockAfter, dueAtMs, type KeyClock } from '../../../domain/reports/key-clock.ts'
import type { KeyIdentity } from '../../stream/key-identity.ts'
import type { Projection } from '../projection.ts'
import type { RowReader } from '../row-reader.ts'
import { whoseColumns, whoseIn, whoseValues } from './whose.ts'

/** What runs out of a key that is held, and whose it is. */
export type DueKey = {
  /** Whose it is; absent where its reservation was left out. */
  readonly whose?: KeyIdentity | undefined
  /** Who holds it, or held it when it was completed. */
  readonly owner?: string | undefined
  /** What runs out; absent before there was a reservation. */
  readonly clock?: KeyClock | undefined
}

const ownerIn = (before: DueKey, entry: Parameters<typeof whoseIn>[0]): string | undefined => {
  if (entry.type === 'Reserved') return entry.data.owner
  return entry.type === 'Imported' ? entry.data.record.owner : before.owner
}

/**
 * The keys that are held, with what runs out of them: the lease of one in flight, and the retention. One row each, by record
 * id, which goes when the reservation ends. The columns stand in docs/reference/read-models.md.
 */
export const dueKeys: Projection<DueKey> = {
  name: 'due_keys',
  version: 1,
  initialState: {},
  evolve: (before, entry) => {
    const clock = clockAfter(before.clock, entry)
    return clock && { whose: whoseIn(entry) ?? before.whose, owner: ownerIn(before, entry), clock }
  },
  columns: {
    ...whoseColumns,
    owner: 'text',
    epoch: 'integer',
    completed: 'integer',
    in_doubt: 'integer',
    lease_expires_at_ms: 'integer',
    expires_at_ms: 'integer',
    due_at_ms: 'integer'
  },
  columnsOf: ({ whose, owner, clock }) => ({
    ...whoseValues(whose),
    owner,
    epoch: clock?.epoch,
    completed: clock?.hasOutcome === true ? 1 : 0,
    in_doubt: clock?.inDoubt === true ? 1 : 0,
    // the lease of one that is done holds nobody back
    lease_expires_at_ms: clock?.hasOutcome === true ? undefined : clock?.leaseExpiresAtMs,
    expires_at_ms: clock?.expiresAtMs,
    due_at_ms: clock && dueAtMs(clock)
  }),
  indexes: [['due_at_ms'], ['lease_expires_at_ms']]
}

/** So many are told at a time. */
const pageLength = 1000

/** Some keys, by record id. */
export type RecordIds = {
  /** Their record ids. */
  readonly recordIds: ReadonlyArray<string>
  /** What to go on after; undefined where these were the last. */
  readonly next: string | undefined
}

const endingBy =
  (endOf: (clock: KeyClock) => number | undefined) =>
  (timeMs: number, after?: string): Parsed<RowReader<DueKey, RecordIds>> =>
    pipe(
      allOf({ time: instant('$.timeMs', timeMs), after: optional(string)('$.after', after) }),
      E.map(({ time, after: from }) => {
        const recordIds: Array<string> = []
        let isFull = false
        return {
          after: from,
          take: (row, { clock }) => {
            const end = clock && endOf(clock)
            if (end === undefined || end > time) return true
            isFull = recordIds.length === pageLength
            if (!isFull) recordIds.push(row)
            return !isFull
          },
          answer: () => ({ recordIds, next: isFull ? recordIds.at(-1) : undefined })
        }
      })
    )

/** The keys that are due by retention at a time, 1,000 at a time, after a record id. */
export const dueBefore = endingBy(dueAtMs)

/** The keys in flight whose lease has ended by a time, 1,000 at a time, after a record id. */
export const leaseOverBefore = endingBy(({ hasOutcome, leaseExpiresAtMs }) =>
  hasOutcome ? undefined : leaseExpiresAtMs
)
