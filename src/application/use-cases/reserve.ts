import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { Reserve } from '../../domain/commands.ts'
import { invalidInput } from '../../domain/failure.ts'
import { recordIdOf } from '../../domain/identity.ts'
import { allOf, leaseLength, optionalText, type Parsed, tenant, text, trimmedFields } from '../../domain/parse.ts'
import type { ReserveRequest } from '../../domain/requests.ts'
import type { Settings } from '../settings.ts'
import { type Prepared, prepared } from '../submit.ts'
import { retentionOf } from './retention.ts'

const order = ['key', 'operation', 'owner', 'fingerprint'] as const

const claimIdOf = (settings: Settings, given: string | undefined): Parsed<string> => {
  if (given === undefined) return E.right(settings.chance.uuid())
  if (given === '') return E.left(invalidInput('$.claimId cannot be empty', '$.claimId'))
  return text(settings.limits, '$.claimId', given)
}

/** A lease has no hidden default: a caller who wants none says so. */
const leaseOf = (lease: unknown): Parsed<Reserve['lease']> =>
  lease === 'none' ? E.right('none') : leaseLength('$.lease', lease)

/** Parses a reserve: its fields in the order in which the predecessor judged them. */
export const parseReserve = (settings: Settings, request: ReserveRequest): Parsed<Prepared<Reserve>> =>
  pipe(
    allOf({
      fields: trimmedFields(
        settings.limits,
        {
          key: request.key,
          operation: request.operation,
          owner: request.owner,
          fingerprint: request.requestFingerprint
        },
        order
      ),
      tenant: tenant(settings.limits, request.tenant),
      lease: leaseOf(request.lease),
      retention: retentionOf(request),
      claimId: claimIdOf(settings, request.claimId),
      eventId: optionalText(settings.limits, '$.firstSeenEventId', request.firstSeenEventId)
    }),
    E.flatMap(({ fields, tenant: whose, lease, retention, claimId, eventId }) => {
      const recordId = recordIdOf(settings.sha256)(whose, fields.operation, fields.key)
      const at = (atMs: Reserve['atMs']): Reserve => ({
        _tag: 'Reserve',
        atMs,
        recordId,
        tenant: whose,
        operation: fields.operation,
        key: fields.key,
        owner: fields.owner,
        requestFingerprint: fields.fingerprint,
        ...(eventId === undefined ? {} : { firstSeenEventId: eventId }),
        ...retention,
        lease,
        claimId,
        policy: settings.policy
      })
      return prepared(settings, recordId, request, at, true)
    })
  )
