import { recordId } from '../../src/composition/hashing.ts'
import type { RecordId } from '../../src/domain/identity.ts'
import type { Instant } from '../../src/domain/instant.ts'
import type { Plain } from '../../src/domain/plain.ts'
import type { IdempotencyRecord } from '../../src/domain/record.ts'
import { keyOf } from './scripted-ledger.ts'

/** A record as another system's file brings it: in flight since 500, for one key. */
export const importable = (key: string, over: Partial<Plain<IdempotencyRecord>> = {}): IdempotencyRecord => {
  const { tenant, operation } = keyOf(key)
  const record = {
    recordId: recordId(tenant, operation, key) as RecordId,
    tenant: { ...tenant, source: 'explicit' as const },
    operation,
    key,
    owner: 'older',
    requestFingerprint: 'fp',
    status: 'reserved' as const,
    firstSeenAtMs: 500 as Instant,
    lastSeenAtMs: 500 as Instant,
    conflictCount: 0,
    conflictFingerprints: [],
    duplicateCount: 0,
    epoch: 1
  }
  return { ...record, ...(over as Partial<IdempotencyRecord>) }
}
