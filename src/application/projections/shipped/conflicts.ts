import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { plus } from '../../../domain/count.ts'
import { noOthers } from '../../../domain/parsing/known-members.ts'
import type { Parsed } from '../../../domain/parsing/parsed.ts'
import {
  type ConflictRow,
  type Conflicts,
  conflictsOf,
  mergeConflicts,
  noConflicts
} from '../../../domain/reports/conflicts.ts'
import { parseRequest } from '../../requests/parse-request.ts'
import type { KeyIdentity } from '../../stream/key-identity.ts'
import { type EventFilter, parseEventFilter } from '../../use-cases/event-filter.ts'
import type { ListSettings } from '../../use-cases/list.ts'
import { type ConflictReport, conflictReport } from '../../use-cases/reports/conflicts.ts'
import type { Projection } from '../projection.ts'
import type { RowReader } from '../row-reader.ts'
import { whoseColumns, whoseIn, whoseValues } from './whose.ts'

/** The conflicts of one key, by the fingerprint of the request that was refused. */
export type KeyConflicts = {
  /** Whose it is; absent where its reservation was left out. */
  readonly whose?: KeyIdentity | undefined
  /** A row for each fingerprint: 100 at most, in the order in which they came first. */
  readonly rows: ReadonlyArray<ConflictRow>
  /** Conflicts of fingerprints beyond these. */
  readonly unlisted: number
}

/** As many as a record lists. */
const mostFingerprints = 100

const asWhole = ({ rows, unlisted }: KeyConflicts): Conflicts => ({
  ...mergeConflicts(noConflicts, { rows: new Map(rows.map((row, index) => [`${index}`, row])), unlisted: 0 }),
  unlisted
})

const sum = (rows: ReadonlyArray<ConflictRow>): number => rows.reduce((all, { count }) => plus(all, count), 0)

/**
 * The conflicts of every key that was ever reserved, a row each, by record id: an event of a conflict does not say what its
 * key was for, so rows are keys, and are put together by operation and fingerprint when asked. The columns stand in
 * docs/reference/read-models.md.
 */
export const keyConflicts: Projection<KeyConflicts> = {
  name: 'conflicts',
  version: 1,
  initialState: { rows: [], unlisted: 0 },
  evolve: (before, entry) => {
    const whose = whoseIn(entry) ?? before.whose
    if (entry.type !== 'ConflictRecorded') return { ...before, whose }
    const seen = conflictsOf([{ operation: whose?.operation ?? '', event: entry }])
    const { rows, unlisted } = mergeConflicts(asWhole(before), seen, mostFingerprints)
    return { whose, rows: [...rows.values()], unlisted }
  },
  columns: {
    ...whoseColumns,
    conflicts: 'integer',
    fingerprints: 'integer',
    first_at_ms: 'integer',
    last_at_ms: 'integer'
  },
  columnsOf: ({ whose, rows, unlisted }) => ({
    ...whoseValues(whose),
    conflicts: plus(sum(rows), unlisted),
    fingerprints: rows.length,
    first_at_ms: rows.length === 0 ? undefined : Math.min(...rows.map(({ firstAtMs }) => firstAtMs)),
    last_at_ms: rows.length === 0 ? undefined : Math.max(...rows.map(({ lastAtMs }) => lastAtMs))
  }),
  indexes: [['conflicts'], ['operation', 'last_at_ms']]
}

/** So many rows are gathered before they are merged: to merge costs as much as there are rows. */
const gathered = 10_000

/** Whose conflicts to tell of; the view does not hold when each was recorded. */
type WhoseConflicts = Pick<EventFilter, 'orgId' | 'workspaceId' | 'operation'>

const members = noOthers<WhoseConflicts>({ orgId: true, workspaceId: true, operation: true })

/** The conflicts by operation and fingerprint, of the keys that fit: what `conflicts` tells of the log. */
export const conflictsBy = (
  settings: ListSettings,
  filter: WhoseConflicts
): Parsed<RowReader<KeyConflicts, ConflictReport>> =>
  pipe(
    parseRequest(settings, parseEventFilter, filter, members),
    E.map(({ isOfKey }) => {
      let all = noConflicts
      let some: Array<ConflictRow> = []
      let unlisted = 0
      const merge = (): void => {
        all = mergeConflicts(all, { rows: new Map(some.map((row, index) => [`${index}`, row])), unlisted })
        some = []
        unlisted = 0
      }
      return {
        take: (_, { whose, rows, unlisted: more }) => {
          if (!isOfKey({ key: whose })) return
          some.push(...rows)
          unlisted = plus(unlisted, more)
          if (some.length >= gathered) merge()
        },
        answer: () => {
          merge()
          return conflictReport(all, 'views')
        }
      }
    })
  )
