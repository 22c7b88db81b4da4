import { evolve } from '../../../domain/evolve.ts'
import { initialState, type State } from '../../../domain/state.ts'
import type { Projection } from '../projection.ts'

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
  version: 1,
  initialState,
  evolve: (state, entry) => evolve(state, entry),
  columns: {
    org_id: 'text',
    workspace_id: 'text',
    deployment_id: 'text',
    operation: 'text',
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
      org_id: record?.tenant.orgId,
      workspace_id: record?.tenant.workspaceId,
      deployment_id: record?.tenant.deploymentId,
      operation: record?.operation,
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
  indexes: [['org_id', 'workspace_id', 'operation', 'status'], ['status', 'last_seen_at_ms'], ['owner']]
}
