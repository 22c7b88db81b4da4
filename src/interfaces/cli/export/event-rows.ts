import type { HistoryEntry } from '../../../application/use-cases/history.ts'
import type { LedgerEvent } from '../../../domain/events/ledger-event.ts'
import { recordIdIn } from '../../../domain/identity.ts'
import type { CsvCell } from '../deps.ts'
import { eventJson } from '../shape/json.ts'
import { snakeData } from '../shape/snake-data.ts'
import { jsonText } from '../terminal/json-text.ts'

/** What some events have and others have not, as columns; all that an event says stands in `data` as well. */
const saidIn = (event: LedgerEvent): { readonly [column: string]: CsvCell } => {
  switch (event.type) {
    case 'Reserved':
    case 'Imported': {
      const { tenant, operation, key, owner, requestFingerprint } =
        event.type === 'Reserved' ? event.data : event.data.record
      return {
        org_id: tenant.orgId,
        workspace_id: tenant.workspaceId,
        deployment_id: tenant.deploymentId,
        operation,
        key,
        owner,
        request_fingerprint: requestFingerprint
      }
    }
    case 'DuplicateSeen':
      return { count: event.data.count }
    case 'ConflictRecorded':
      return { count: event.data.count, request_fingerprint: event.data.requestFingerprint }
    case 'Completed':
    case 'CompletionRejected':
      return { outcome_kind: event.data.outcome.outcomeKind }
    case 'Expired':
      return { reason: event.data.reason }
    default:
      return {}
  }
}

const columns = [
  'record_id',
  'revision',
  'type',
  'at_ms',
  'recorded_at_ms',
  'epoch',
  'org_id',
  'workspace_id',
  'deployment_id',
  'operation',
  'key',
  'owner',
  'request_fingerprint',
  'count',
  'outcome_kind',
  'reason',
  'data',
  'actor',
  'correlation_id',
  'causation_id',
  'event_id',
  'position',
  'schema_version',
  'previous_hash',
  'hash'
] as const

const rowOf = (entry: HistoryEntry): ReadonlyArray<CsvCell> => {
  const cells: { readonly [column in (typeof columns)[number]]?: CsvCell } = {
    ...saidIn(entry),
    record_id: recordIdIn(entry.stream),
    revision: Number(entry.revision),
    type: entry.type,
    at_ms: entry.data.atMs,
    recorded_at_ms: entry.recordedAtMs,
    epoch: 'epoch' in entry.data ? entry.data.epoch : undefined,
    data: jsonText(snakeData(entry.data)),
    actor: entry.actor,
    correlation_id: entry.correlationId,
    causation_id: entry.causationId,
    event_id: entry.id,
    position: entry.position,
    schema_version: entry.schemaVersion,
    previous_hash: entry.previousHash,
    hash: entry.hash
  }
  return columns.map((column) => cells[column])
}

/** How events are written: an object a line as `history --json` has it, or a row a line. */
export const eventTable = {
  columns,
  row: rowOf,
  json: (entry: HistoryEntry) => ({ record_id: recordIdIn(entry.stream), ...eventJson(entry) })
}
