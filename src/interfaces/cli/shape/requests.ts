import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { Parsed } from '../../../application/requests/parse.ts'
import type { KeyInput, OutcomeInput, TenantInput } from '../../../application/requests/requests.ts'
import type { Claim } from '../../../domain/claim.ts'
import { type Failure, failure, invalidInput } from '../../../domain/failure.ts'
import { isFailureTag } from '../errors/exit-codes.ts'
import type { Fields } from './fields.ts'

type Source = TenantInput['source']

const source = (fields: Fields): Parsed<Source> =>
  pipe(
    fields.optionalText('source'),
    E.flatMap((given) =>
      given === undefined || given === 'explicit' || given === 'local_implicit'
        ? E.right<never, Source>(given)
        : E.left(invalidInput(`${fields.path}.source must be explicit or local_implicit`, `${fields.path}.source`))
    )
  )

/** A tenant in the file's shape. */
export const readTenant = (fields: Fields): Parsed<TenantInput> =>
  pipe(
    fields.only(['org_id', 'workspace_id', 'deployment_id', 'actor_id', 'source']),
    E.flatMap(() => E.Do),
    E.bind('orgId', () => fields.text('org_id')),
    E.bind('workspaceId', () => fields.text('workspace_id')),
    E.bind('deploymentId', () => fields.optionalText('deployment_id')),
    E.bind('actorId', () => fields.optionalText('actor_id')),
    E.bind('source', () => source(fields))
  )

/** Tenant, operation and key. */
export const readKey = (fields: Fields): Parsed<KeyInput> =>
  pipe(
    E.Do,
    E.bind('tenant', () => pipe(fields.object('tenant'), E.flatMap(readTenant))),
    E.bind('operation', () => fields.text('operation')),
    E.bind('key', () => fields.text('key'))
  )

/** A claim as `reserve` answers it. */
export const readClaim = (fields: Fields): Parsed<Claim> =>
  pipe(
    fields.only(['record_id', 'epoch', 'claim_id']),
    E.flatMap(() => E.Do),
    E.bind('recordId', () => fields.text('record_id')),
    E.bind('epoch', () => fields.number('epoch')),
    E.bind('claimId', () => fields.text('claim_id'))
  )

/** A failure as `batch` answers it. */
export const readFailure = (fields: Fields): Parsed<Failure> =>
  pipe(
    E.Do,
    E.bind('tag', () => fields.text('tag')),
    E.bind('message', () => fields.text('message')),
    E.flatMap(({ tag, message }) =>
      isFailureTag(tag) ? E.right(failure(tag, message)) : E.left(invalidInput(`${tag} is no error tag`))
    )
  )

const outcomeFields = [
  'outcome_kind',
  'completed_at_ms',
  'primary_ref_kind',
  'primary_ref_id',
  'secondary_ref_kind',
  'secondary_ref_id',
  'details'
]

/** An outcome in the file's shape; its time may be left out. */
export const readOutcome = (fields: Fields): Parsed<OutcomeInput> =>
  pipe(
    fields.only(outcomeFields),
    E.flatMap(() => E.Do),
    E.bind('outcomeKind', () => fields.text('outcome_kind')),
    E.bind('completedAtMs', () => fields.optionalNumber('completed_at_ms')),
    E.bind('primaryRefKind', () => fields.optionalText('primary_ref_kind')),
    E.bind('primaryRefId', () => fields.optionalText('primary_ref_id')),
    E.bind('secondaryRefKind', () => fields.optionalText('secondary_ref_kind')),
    E.bind('secondaryRefId', () => fields.optionalText('secondary_ref_id')),
    E.let('details', () => fields.json('details'))
  )
