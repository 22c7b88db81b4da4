import * as E from 'fp-ts/Either'
import type { Parsed } from '../../domain/parsing/parsed.ts'
import { filled } from '../../domain/parsing/values.ts'
import { trimWhiteSpace } from '../../domain/text.ts'
import type { Limits } from '../settings.ts'
import { text } from './text.ts'

export type TrimmedField = 'key' | 'operation' | 'owner' | 'fingerprint'

/** The path of each field, and what messages call it. */
const named: { readonly [field in TrimmedField]: readonly [path: string, name: string] } = {
  key: ['$.key', 'idempotency key'],
  operation: ['$.operation', 'idempotency operation'],
  owner: ['$.owner', 'idempotency owner'],
  fingerprint: ['$.requestFingerprint', 'idempotency fingerprint']
}

/** Trims a field of Unicode white space; what is left must not be empty (SPEC section 2). */
export const trimmed = (field: TrimmedField, value: unknown): Parsed<string> => {
  const [path, name] = named[field]
  return filled(path, typeof value === 'string' ? trimWhiteSpace(value) : value, name)
}

/** Trims fields in the order in which they are to be judged, then checks each of them as text. */
export const trimmedFields = <F extends TrimmedField>(
  limits: Limits,
  fields: { readonly [K in F]: unknown },
  order: ReadonlyArray<F>
): Parsed<{ readonly [K in F]: string }> => {
  const parsed: Partial<Record<F, string>> = {}
  for (const field of order) {
    const value = trimmed(field, fields[field])
    if (E.isLeft(value)) return value
    parsed[field] = value.right
  }
  for (const field of order) {
    const value = text(limits, named[field][0], parsed[field])
    if (E.isLeft(value)) return value
    parsed[field] = value.right
  }
  return E.right(parsed as Record<F, string>)
}
