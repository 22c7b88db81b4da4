import * as E from 'fp-ts/Either'
import { claimHashOf } from '../../domain/claim.ts'
import type { Reserve } from '../../domain/commands.ts'
import { recordIdOf } from '../../domain/identity.ts'
import type { Parsed } from '../../domain/parsing/parsed.ts'
import { filled } from '../../domain/parsing/values.ts'
import type { Settings } from '../settings.ts'
import { leaseOrNone } from './lease-length.ts'
import { type Prepared, prepared } from './prepared.ts'
import type { ReserveRequest } from './requests.ts'
import { retentionOf } from './retention.ts'
import { tenant } from './tenant.ts'
import { filledText, optionalText } from './text.ts'
import { trimmedFields } from './trimmed-fields.ts'

const order = ['key', 'operation', 'owner', 'fingerprint'] as const

const claimIdOf = ({ limits, random }: Settings, given: string | undefined): Parsed<string> =>
  given === undefined ? filled('$.claimId', random.uuid()) : filledText(limits, '$.claimId', given)

/** Parses a reserve: its fields in the order in which the predecessor judged them. */
export const parseReserve = (settings: Settings, request: ReserveRequest): Parsed<Prepared<Reserve>> => {
  const { limits, policy } = settings
  const named = trimmedFields(
    limits,
    { key: request.key, operation: request.operation, owner: request.owner, fingerprint: request.requestFingerprint },
    order
  )
  if (E.isLeft(named)) return named
  const whose = tenant(limits, request.tenant)
  if (E.isLeft(whose)) return whose
  const lease = leaseOrNone('$.lease', request.lease)
  if (E.isLeft(lease)) return lease
  const retention = retentionOf(request)
  if (E.isLeft(retention)) return retention
  const claimId = claimIdOf(settings, request.claimId)
  if (E.isLeft(claimId)) return claimId
  const eventId = optionalText(limits, '$.firstSeenEventId', request.firstSeenEventId)
  if (E.isLeft(eventId)) return eventId
  const { key, operation, owner, fingerprint } = named.right
  const recordId = recordIdOf(settings.identity.hash)(whose.right, operation, key)
  const claimHash = claimHashOf(settings.sha256)(claimId.right)
  const at = (atMs: Reserve['atMs']): Reserve => ({
    _tag: 'Reserve',
    atMs,
    recordId,
    tenant: whose.right,
    operation,
    key,
    owner,
    requestFingerprint: fingerprint,
    firstSeenEventId: eventId.right,
    expiresAtMs: retention.right.expiresAtMs,
    retentionMs: retention.right.retentionMs,
    lease: lease.right,
    claimId: claimId.right,
    claimHash,
    policy
  })
  return prepared(settings, recordId, request, at, true)
}
