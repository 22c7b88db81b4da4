import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { evolve } from '../../../domain/evolve.ts'
import type { Parsed } from '../../../domain/parsing/parsed.ts'
import type { IdempotencyRecord } from '../../../domain/record.ts'
import { initialState, type State } from '../../../domain/state.ts'
import { type ListFilter, type ListSettings, parseListFilter } from '../../use-cases/list.ts'
import type { Projection } from '../projection.ts'
import type { RowReader } from '../row-reader.ts'
import { whoseColumns, whoseValues } from './whose.ts'

const recordIn = (state: State) => (state._tag === 'Held' ? state.record : state.ended?.record)

const standingOf = (state: State): string => {
  if (state._tag === 'Held') return state.record.status
  return state.ended === undefined ? 'never held' : 'free'
}

/**
 * Every key that was ever reserved, one row each, by its record id: whose it is, who holds it, and what came of it. A key
 * that is free shows its last record, and status `free`. The columns stand in docs/reference/projections.md.
 */
export const keyIndex: Projection<State> = {
  name: 'key_index',
  version: 2,
  initialState,
  evolve: (state, entry) => evolve(state, entry),
  columns: {
    ...whoseColumns,
    key: 'text',
    owner: 'text',
    status: 'text',
    outcome_kind: 'text',
    first_seen_at_ms: 'integer',
    last_seen_at_ms: 'integer',
    expires_at_ms: 'integer',
    lease_expires_at_ms: 'integer',
    epoch: 'integer',
    duplicates: 'integer',
    conflicts: 'integer'
  },
  columnsOf: (state) => {
    const record = recordIn(state)
    return {
      ...whoseValues(record),
      key: record?.key,
      owner: record?.owner,
      status: standingOf(state),
      outcome_kind: record?.outcome?.outcomeKind,
      first_seen_at_ms: record?.firstSeenAtMs,
      last_seen_at_ms: record?.lastSeenAtMs,
      expires_at_ms: record?.expiresAtMs,
      lease_expires_at_ms: record?.leaseExpiresAtMs,
      epoch: record?.epoch,
      duplicates: record?.duplicateCount,
      conflicts: record?.conflictCount
    }
  },
  indexes: [['org_id', 'workspace_id', 'operation', 'status'], ['status', 'last_seen_at_ms'], ['owner'], ['key']]
}

/** The records of all held keys that fit, by record id: what `list` tells of the log. */
export const listed = (
  settings: ListSettings,
  filter: ListFilter
): Parsed<RowReader<State, ReadonlyArray<IdempotencyRecord>>> =>
  pipe(
    parseListFilter(settings, filter),
    E.map(({ fits }) => {
      const records: Array<IdempotencyRecord> = []
      return {
        take: (_, state) => {
          if (state._tag === 'Held' && fits(state.record)) records.push(state.record)
        },
        answer: () => records
      }
    })
  )
