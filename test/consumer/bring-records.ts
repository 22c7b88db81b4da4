// Records of another system: from its file, or written down as they are. No cast anywhere.
import { createLedger, type RecordInput, readPredecessorFile, readPredecessorFileTaskEither, recordId } from 'keyfold'
import { openMemoryStore } from 'keyfold/memory'

const tenant = { orgId: 'acme', workspaceId: 'shop', source: 'explicit' } as const

const record = (key: string): RecordInput => ({
  recordId: recordId(tenant, 'charge', key),
  tenant,
  operation: 'charge',
  key,
  owner: 'older',
  requestFingerprint: 'amount=10',
  status: 'completed',
  firstSeenAtMs: 1000,
  lastSeenAtMs: 2000,
  outcome: { outcomeKind: 'charged', completedAtMs: 2000, details: { amount: 10 } },
  conflictCount: 0,
  conflictFingerprints: [],
  duplicateCount: 0,
  epoch: 1
})

const inFile = (key: string): string => {
  const id = recordId(tenant, 'charge', key)
  return `{"schema_version":1,"records":{"${id}":{"schema_version":1,"record_id":"${id}","tenant_context":{"org_id":"acme","workspace_id":"shop"},"operation":"charge","key":"${key}","owner":"older","request_fingerprint":"f","status":"reserved","first_seen_at_ms":1,"last_seen_at_ms":2,"conflict_count":0}}}`
}

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))

async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += 100) yield bytesOf(text.slice(at, at + 100))
}

export const run = async (): Promise<unknown> => {
  const store = await openMemoryStore()
  const ledger = createLedger({ store })
  const written = await ledger.importRecords([record('order-1')], { source: 'by hand', nowMs: 5000 })
  const read = await readPredecessorFile(pieces(inFile('order-2')), { onProgress: (_bytes: number) => {} })
  const filed = await ledger.importRecords(read, { source: 'file', leaseMs: 60_000 })
  const refused = await readPredecessorFileTaskEither([bytesOf('{"schema_version":2,"records":{}}')])()
  // @ts-expect-error a file comes in pieces of bytes
  const noBytes = await readPredecessorFile('{}').catch((cause: unknown) => (cause instanceof Error ? cause.name : ''))
  // @ts-expect-error every record has an owner
  const lacking: RecordInput = { ...record('order-3'), owner: undefined }
  const records = await ledger.list()
  await store.dispose()
  return [
    written,
    filed,
    refused._tag === 'Left' && refused.left._tag,
    noBytes,
    lacking.key,
    records.map(({ key }) => key).sort()
  ]
}
