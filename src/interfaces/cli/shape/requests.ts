import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { KeyInput, OutcomeInput, TenantInput } from '../../../application/requests/requests.ts'
import type { Claim } from '../../../domain/claim.ts'
import { outcomeFields, tenantFields } from '../../../domain/parsing/file-shape.ts'
import { both, nullable, oneOf, type Parsed, type Parser } from '../../../domain/parsing/parsed.ts'
import { number, string } from '../../../domain/parsing/values.ts'
import type { Fields } from './fields.ts'

/** Absent and null say nothing; whatever else is no text is no source either. */
const source: Parser<TenantInput['source']> = nullable(both(string, oneOf('explicit', 'local_implicit')))

/** A tenant in the file's shape; whether its ids are empty is for the ledger to judge. */
export const readTenant = (fields: Fields): Parsed<TenantInput> =>
  pipe(
    fields.only(['org_id', 'workspace_id', 'deployment_id', 'actor_id', 'source']),
    E.flatMap(() => tenantFields(fields.read, string, source))
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

const outcomeNames = [
  'outcome_kind',
  'completed_at_ms',
  'primary_ref_kind',
  'primary_ref_id',
  'secondary_ref_kind',
  'secondary_ref_id',
  'details'
]

const optionalNumber = nullable(number)

/** An outcome in the file's shape; its time may be left out. */
export const readOutcome = (fields: Fields): Parsed<OutcomeInput> =>
  pipe(
    fields.only(outcomeNames),
    E.flatMap(() => outcomeFields(fields.read, optionalNumber))
  )
