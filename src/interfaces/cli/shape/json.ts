import type { HistoryEntry } from '../../../application/use-cases/history.ts'
import type { Claim } from '../../../domain/claim.ts'
import { type Failure, standingClaim } from '../../../domain/failure.ts'
import type { JsonObject } from '../../../domain/json.ts'
import type { IdempotencyRecord } from '../../../domain/record.ts'
import type { RecoveryPoint } from '../../../domain/recovery-points.ts'
import type { CliDeps } from '../deps.ts'
import { inSnakeCase } from './snake-case.ts'
import { snakeData } from './snake-data.ts'

export const claimJson = ({ recordId, epoch, claimId }: Claim): JsonObject => ({
  record_id: recordId,
  epoch,
  claim_id: claimId
})

/** Which reservation of its key a record is, and until when its holder has it to itself, where that ends. */
export const holdJson = (record: IdempotencyRecord | undefined): JsonObject =>
  record === undefined
    ? {}
    : {
        epoch: record.epoch,
        ...(record.leaseExpiresAtMs === undefined ? {} : { lease_expires_at_ms: record.leaseExpiresAtMs })
      }

/** How far the work of a record got, and the doubt that it is in: of either what there is. */
export const progressJson = (record: IdempotencyRecord | undefined): JsonObject => {
  const { recoveryPoints, inDoubt } = record ?? {}
  return {
    ...(recoveryPoints !== undefined && { recovery_points: recoveryPoints.map(pointJson) }),
    ...(inDoubt !== undefined && {
      in_doubt: { since_ms: inDoubt.sinceMs, ...(inDoubt.note !== undefined && { note: inDoubt.note }) }
    })
  }
}

const pointJson = ({ name, data }: RecoveryPoint): JsonObject => ({ name, ...(data !== undefined && { data }) })

/** A record in the file's shape, and what keyfold knows beyond it. */
export const recordJson =
  (toFileRecord: CliDeps['toFileRecord']) =>
  (record: IdempotencyRecord): JsonObject => ({
    ...toFileRecord(record),
    duplicate_count: record.duplicateCount,
    ...holdJson(record),
    ...progressJson(record)
  })

/** A failure as programs read it. With `AppendUnknown` comes the claim that may stand. */
export const failureJson = (failure: Failure): JsonObject => {
  const { _tag, message } = inSnakeCase(failure)
  const claim = standingClaim(failure)
  return { error: { tag: _tag, message, ...(claim === undefined ? {} : { claim: claimJson(claim) }) } }
}

/** An event with its envelope. */
export const eventJson = (entry: HistoryEntry): { readonly [field: string]: unknown } => ({
  revision: Number(entry.revision),
  type: entry.type,
  data: snakeData(entry.data),
  event_id: entry.id,
  stream: entry.stream,
  position: entry.position,
  recorded_at_ms: entry.recordedAtMs,
  schema_version: entry.schemaVersion,
  previous_hash: entry.previousHash,
  hash: entry.hash,
  actor: entry.actor,
  correlation_id: entry.correlationId,
  causation_id: entry.causationId
})
