import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { evolve } from '../../../domain/evolve.ts'
import type { Parsed } from '../../../domain/parsing/parsed.ts'
import { initialState, recordOf, type State } from '../../../domain/state.ts'
import { parseStuckFilter, type Stuck, type StuckFilter, type StuckSettings } from '../../use-cases/stuck.ts'
import type { Projection } from '../projection.ts'
import type { RowReader } from '../row-reader.ts'
import { whoseColumns, whoseValues } from './whose.ts'

/**
 * The keys in flight, in doubt or not: one row each, by record id, which goes with the outcome or the end. Which of them
 * are stuck depends on the time, and is asked of it. The columns stand in docs/reference/read-models.md.
 */
export const stuckKeys: Projection<State> = {
  name: 'stuck_keys',
  version: 1,
  initialState,
  evolve: (before, entry) => {
    const after = evolve(before, entry)
    return after._tag === 'Held' && after.record.outcome === undefined ? after : undefined
  },
  columns: {
    ...whoseColumns,
    key: 'text',
    owner: 'text',
    epoch: 'integer',
    first_seen_at_ms: 'integer',
    last_seen_at_ms: 'integer',
    lease_expires_at_ms: 'integer',
    in_doubt_since_ms: 'integer',
    note: 'text',
    last_point: 'text'
  },
  columnsOf: (state) => {
    const record = recordOf(state)
    return {
      ...whoseValues(record),
      key: record?.key,
      owner: record?.owner,
      epoch: record?.epoch,
      first_seen_at_ms: record?.firstSeenAtMs,
      last_seen_at_ms: record?.lastSeenAtMs,
      lease_expires_at_ms: record?.leaseExpiresAtMs,
      in_doubt_since_ms: record?.inDoubt?.sinceMs,
      note: record?.inDoubt?.note,
      last_point: record?.recoveryPoints?.at(-1)?.name
    }
  },
  indexes: [['in_doubt_since_ms'], ['lease_expires_at_ms'], ['operation']]
}

/** The keys that are stuck and fit, by record id: what `stuck` tells of the log. */
export const stuckAt = (settings: StuckSettings, filter: StuckFilter): Parsed<RowReader<State, ReadonlyArray<Stuck>>> =>
  pipe(
    parseStuckFilter(settings, filter),
    E.map(({ judge }) => {
      const found: Array<Stuck> = []
      return {
        take: (_, state) => {
          const record = recordOf(state)
          const stuck = record && judge(record)
          if (stuck !== undefined) found.push(stuck)
        },
        answer: () => found
      }
    })
  )
