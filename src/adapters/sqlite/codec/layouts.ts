import { count, firstTime, time } from './number-parts.ts'
import { object } from './object-part.ts'
import { digest, json, oneOf, ownRecordId, type Part, string } from './part.ts'

const reason = oneOf('retention', 'lease', 'released', 'operator')

const tenant = object({
  orgId: string,
  workspaceId: string,
  deploymentId: string,
  actorId: string,
  source: oneOf('explicit', 'local_implicit')
})

const after = object({ epoch: count, claimHash: digest, reason })

const outcome = object({
  outcomeKind: string,
  primaryRefKind: string,
  primaryRefId: string,
  secondaryRefKind: string,
  secondaryRefId: string,
  completedAtMs: time,
  details: json
})

type Layout = { readonly type: string; readonly data: Part }

/**
 * How the data of keyfold's events is written, member by member. It is the format of the file: numbers and orders stay as
 * they are, and another layout is another version of the schema. What is written in another way stays text.
 */
const layouts: ReadonlyArray<Layout> = [
  {
    type: 'Reserved',
    data: object({
      atMs: firstTime,
      recordId: ownRecordId,
      tenant,
      operation: string,
      key: string,
      owner: string,
      requestFingerprint: string,
      firstSeenEventId: string,
      expiresAtMs: time,
      retentionMs: count,
      leaseExpiresAtMs: time,
      epoch: count,
      claimHash: digest,
      after
    })
  },
  { type: 'DuplicateSeen', data: object({ atMs: firstTime, firstAtMs: time, count, owners: json }) },
  {
    type: 'ConflictRecorded',
    data: object({ atMs: firstTime, firstAtMs: time, count, owners: json, requestFingerprint: string })
  },
  {
    type: 'Completed',
    data: object({ atMs: firstTime, epoch: count, claimHash: digest, note: string, outcome, expiresAtMs: time })
  },
  { type: 'Expired', data: object({ atMs: firstTime, epoch: count, reason, note: string }) },
  { type: 'LeaseRenewed', data: object({ atMs: firstTime, epoch: count, claimHash: digest, leaseExpiresAtMs: time }) },
  {
    type: 'CompletionRejected',
    data: object({ atMs: firstTime, epoch: count, claimHash: digest, currentEpoch: count, outcome })
  },
  { type: 'Imported', data: object({ atMs: firstTime, record: json, epoch: count, source: string }) }
]

/** Types are numbers from 1 on in the file; 0 is any other. */
const numbers: ReadonlyMap<string, number> = new Map(layouts.map(({ type }, index) => [type, index + 1]))

export const typeNumber = (type: string): number => numbers.get(type) ?? 0

export const layoutOf = (number: number): Layout | undefined => layouts[number - 1]
