import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { type RecordId, recordIdOf } from '../../domain/identity.ts'
import { allOf, type Parsed } from '../../domain/parsing/parsed.ts'
import type { Tenant } from '../../domain/tenant.ts'
import type { Settings } from '../settings.ts'
import type { KeyInput } from './requests.ts'
import { tenant } from './tenant.ts'
import { trimmedFields } from './trimmed-fields.ts'

export type KeyFields = {
  readonly recordId: RecordId
  readonly tenant: Tenant
  readonly operation: string
  readonly key: string
}

/** The key of a request, trimmed and checked in the given order (SPEC section 2), and its record id. */
export const keyFields = (
  settings: Settings,
  input: KeyInput,
  order: ReadonlyArray<'key' | 'operation'>
): Parsed<KeyFields> =>
  pipe(
    allOf({
      fields: trimmedFields(settings.limits, input, order),
      tenant: tenant(settings.limits, input.tenant)
    }),
    E.map(({ fields, tenant: whose }) => ({
      recordId: recordIdOf(settings.identity.hash)(whose, fields.operation, fields.key),
      tenant: whose,
      operation: fields.operation,
      key: fields.key
    }))
  )
