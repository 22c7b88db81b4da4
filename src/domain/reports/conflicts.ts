import { maxOwners, plus } from '../count.ts'
import type { EventOfType } from '../events/ledger-event.ts'

/** The conflicts of one operation with one fingerprint, whatever their keys. */
export type ConflictRow = {
  /** What the keys were for. */
  readonly operation: string
  /** That of the request that was answered `Conflict`. */
  readonly requestFingerprint: string
  /** How many of them there were. */
  readonly count: number
  /** The time of the first of them, epoch ms. */
  readonly firstAtMs: number
  /** The time of the last of them, epoch ms. */
  readonly lastAtMs: number
  /** Who asked, as far as it is known, by name: the first 16 of them. */
  readonly owners: ReadonlyArray<string>
}

export type SeenConflict = { readonly operation: string; readonly event: EventOfType<'ConflictRecorded'> }

/** What parts of a log hold of conflicts; parts are merged into the whole. */
export type Conflicts = {
  readonly rows: ReadonlyMap<string, ConflictRow>
  /** Conflicts of which there is no row any more to be had. */
  readonly unlisted: number
}

/** So many rows are told apart; what is seen after them is counted. */
const mostRows = 100_000

export const noConflicts: Conflicts = { rows: new Map(), unlisted: 0 }

const together = (a: ConflictRow, b: ConflictRow): ConflictRow => ({
  ...a,
  count: plus(a.count, b.count),
  firstAtMs: Math.min(a.firstAtMs, b.firstAtMs),
  lastAtMs: Math.max(a.lastAtMs, b.lastAtMs),
  // the first by name: so it is all one in which order parts are merged
  owners: [...new Set([...a.owners, ...b.owners])].sort().slice(0, maxOwners)
})

const nameOf = ({ operation, requestFingerprint }: ConflictRow): string =>
  JSON.stringify([operation, requestFingerprint])

const add = (rows: Map<string, ConflictRow>, row: ConflictRow, most: number): number => {
  const name = nameOf(row)
  const there = rows.get(name)
  if (there === undefined && rows.size >= most) return row.count
  rows.set(name, there === undefined ? row : together(there, row))
  return 0
}

export const mergeConflicts = (a: Conflicts, b: Conflicts, most = mostRows): Conflicts => {
  const rows = new Map(a.rows)
  let unlisted = plus(a.unlisted, b.unlisted)
  for (const row of b.rows.values()) unlisted = plus(unlisted, add(rows, row, most))
  return { rows, unlisted }
}

export const conflictsOf = (seen: ReadonlyArray<SeenConflict>, most = mostRows): Conflicts => {
  const rows = new Map<string, ConflictRow>()
  let unlisted = 0
  for (const { operation, event } of seen) {
    const { requestFingerprint, count, firstAtMs, atMs, owners } = event.data
    const row = { operation, requestFingerprint, count, firstAtMs, lastAtMs: atMs, owners: owners.toSorted() }
    unlisted = plus(unlisted, add(rows, row, most))
  }
  return { rows, unlisted }
}

/** The most frequent first; of as many the one that was seen last, and of those the first by name. */
export const rankedConflicts = ({ rows }: Conflicts): ReadonlyArray<ConflictRow> =>
  [...rows.values()].sort((a, b) => b.count - a.count || b.lastAtMs - a.lastAtMs || (nameOf(a) < nameOf(b) ? -1 : 1))
