import * as fc from 'fast-check'
import type { EventOfType, EventType, IdentifiedEvent, LedgerEvent } from '../../src/domain/events/ledger-event.ts'
import type { IdempotencyRecord } from '../../src/domain/record.ts'
import type { RecoveryPoint } from '../../src/domain/recovery-points.ts'
import * as ex from './examples.ts'
import {
  arbitraryField,
  arbitraryInstant,
  arbitraryJson,
  arbitraryMillis,
  arbitraryOutcome,
  arbitraryRecordId,
  arbitraryTenant,
  arbitraryText,
  optional
} from './key.ts'

const epoch = fc.integer({ min: 1, max: 4 })
const claimHash = fc.constantFrom('claim-1', 'claim-2', 'claim-3').map(ex.hashOf)
const count = fc.integer({ min: 1, max: 1000 })
const owners = fc.uniqueArray(arbitraryField, { minLength: 1, maxLength: 16 })
const fingerprint = fc.constantFrom('fp-1', 'fp-2', 'fp-3', 'fp-4')
const reason = fc.constantFrom('retention', 'lease', 'released', 'operator')
const after = optional({ epoch, claimHash, reason }, ['epoch', 'reason'])

const pointName = fc.oneof(fc.constantFrom('charged', 'sent'), arbitraryText)
const recoveryPoints = fc.uniqueArray(
  optional<RecoveryPoint, 'name'>({ name: pointName, data: arbitraryJson }, ['name']),
  {
    selector: ({ name }) => name,
    maxLength: 4
  }
)
const inDoubt = optional({ sinceMs: arbitraryInstant, note: arbitraryText }, ['sinceMs'])

export const arbitraryRecord: fc.Arbitrary<IdempotencyRecord> = optional<
  IdempotencyRecord,
  Exclude<
    keyof IdempotencyRecord,
    'firstSeenEventId' | 'expiresAtMs' | 'outcome' | 'leaseExpiresAtMs' | 'recoveryPoints' | 'inDoubt'
  >
>(
  {
    recordId: arbitraryRecordId,
    tenant: arbitraryTenant,
    operation: arbitraryField,
    key: arbitraryField,
    owner: arbitraryField,
    requestFingerprint: fingerprint,
    status: fc.constantFrom('reserved', 'completed', 'conflicted'),
    firstSeenAtMs: arbitraryInstant,
    lastSeenAtMs: arbitraryInstant,
    firstSeenEventId: arbitraryText,
    expiresAtMs: arbitraryInstant,
    outcome: arbitraryOutcome,
    conflictCount: fc.nat(),
    conflictFingerprints: fc.array(arbitraryText, { maxLength: 4 }),
    duplicateCount: fc.nat(),
    epoch,
    leaseExpiresAtMs: arbitraryInstant,
    recoveryPoints,
    inDoubt
  },
  [
    'recordId',
    'tenant',
    'operation',
    'key',
    'owner',
    'requestFingerprint',
    'status',
    'firstSeenAtMs',
    'lastSeenAtMs',
    'conflictCount',
    'conflictFingerprints',
    'duplicateCount',
    'epoch'
  ]
)

const event = <T extends EventType>(type: T, data: fc.Arbitrary<EventOfType<T>['data']>): fc.Arbitrary<LedgerEvent> =>
  data.map((value) => ({ type, data: value }) as EventOfType<T>)

const base = { atMs: arbitraryInstant, epoch, claimHash }

const reserved = event(
  'Reserved',
  fc
    .tuple(
      fc.record({
        ...base,
        recordId: arbitraryRecordId,
        tenant: arbitraryTenant,
        operation: arbitraryField,
        key: arbitraryField,
        owner: arbitraryField,
        requestFingerprint: fingerprint
      }),
      optional(
        {
          firstSeenEventId: arbitraryText,
          expiresAtMs: arbitraryInstant,
          retentionMs: arbitraryMillis,
          leaseExpiresAtMs: arbitraryInstant,
          after,
          recoveryPoints
        },
        []
      )
    )
    .map(([must, may]) => ({ ...must, ...may }))
)

const seen = { atMs: arbitraryInstant, firstAtMs: arbitraryInstant, count, owners }
const rejection = optional({ ...base, currentEpoch: epoch, outcome: arbitraryOutcome }, ['atMs', 'outcome'])

/** Any event that a store can hold, whether or not it makes sense where it comes. */
export const arbitraryEvent: fc.Arbitrary<LedgerEvent> = fc.oneof(
  { weight: 2, arbitrary: reserved },
  event('DuplicateSeen', fc.record(seen)),
  { weight: 2, arbitrary: event('ConflictRecorded', fc.record({ ...seen, requestFingerprint: fingerprint })) },
  event(
    'Completed',
    optional({ ...base, outcome: arbitraryOutcome, expiresAtMs: arbitraryInstant, note: arbitraryText }, [
      'atMs',
      'epoch',
      'outcome'
    ])
  ),
  event(
    'Expired',
    optional({ atMs: arbitraryInstant, epoch, reason, note: arbitraryText }, ['atMs', 'epoch', 'reason'])
  ),
  event('LeaseRenewed', fc.record({ ...base, leaseExpiresAtMs: arbitraryInstant })),
  event('CompletionRejected', rejection),
  event(
    'RecoveryPointReached',
    optional({ ...base, name: pointName, data: arbitraryJson }, ['atMs', 'epoch', 'claimHash', 'name'])
  ),
  event('MarkedInDoubt', optional({ ...base, note: arbitraryText }, ['atMs', 'epoch', 'claimHash'])),
  event('Imported', fc.record({ atMs: arbitraryInstant, record: arbitraryRecord, epoch, source: arbitraryText }))
)

/** Any events under any ids, a repeated id now and then: mostly what keyfold would never write. */
export const arbitraryIllegalHistory: fc.Arbitrary<ReadonlyArray<IdentifiedEvent>> = fc.array(
  fc.tuple(arbitraryEvent, fc.nat({ max: 30 })).map(([value, id]) => ({ ...value, id: `id-${id}` })),
  { maxLength: 25 }
)
