import { recordId } from '../../src/composition/hashing.ts'

/** The options that name a key. */
export const keyed = (key: string): ReadonlyArray<string> => [
  '--org=acme',
  '--workspace=shop',
  '--operation=payment.charge',
  `--key=${key}`
]

export const recordIdOf = (key: string): string =>
  recordId({ orgId: 'acme', workspaceId: 'shop' }, 'payment.charge', key)

/** The options that name a claim. */
export const claimed = (key: string, claimId: string, epoch = 1): ReadonlyArray<string> => [
  `--record-id=${recordIdOf(key)}`,
  `--epoch=${epoch}`,
  `--claim-id=${claimId}`
]

/** A reserve of a key under a claim of one's own, as a command. */
export const reserve = (key: string, claimId: string): ReadonlyArray<string> => [
  'reserve',
  ...keyed(key),
  '--owner=web-1',
  '--fingerprint=amount=10',
  '--lease=1h',
  `--claim-id=${claimId}`
]

/** A reserve of a key, as a line of batch. */
export const reserveLine = (key: string): string =>
  `${JSON.stringify({
    op: 'reserve',
    tenant: { org_id: 'acme', workspace_id: 'shop' },
    operation: 'payment.charge',
    key,
    owner: 'web-1',
    request_fingerprint: 'amount=10'
  })}\n`

/** The predecessor's file with so many records, each of about 800 bytes. */
export const fileOf = (count: number): string => {
  const records = Array.from({ length: count }, (_, index) => {
    const key = `order-${index}`
    const record_id = recordIdOf(key)
    const record = {
      schema_version: 1,
      record_id,
      tenant_context: { org_id: 'acme', workspace_id: 'shop', source: 'explicit' },
      operation: 'payment.charge',
      key,
      owner: 'web-1',
      request_fingerprint: `amount=${index}`,
      status: index % 2 === 0 ? 'completed' : 'reserved',
      first_seen_at_ms: 1_700_000_000_000 + index,
      last_seen_at_ms: 1_700_000_001_000 + index,
      ...(index % 2 === 0
        ? { outcome: { outcome_kind: 'charged', completed_at_ms: 1, details: { note: 'n'.repeat(300) } } }
        : {}),
      conflict_count: 0
    }
    return `"${record_id}":${JSON.stringify(record)}`
  })
  return `{"schema_version":1,"records":{${records.join(',')}}}`
}
