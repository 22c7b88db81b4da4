import { isCategory } from '../domain/identity.ts'
import { keeping } from '../domain/parsing/parsed.ts'

/** What stands before the record id in stream names, unless it is configured (SPEC section 2). */
export const defaultCategory = 'idempotency'

/** A category that a ledger would take. */
export const category = keeping(
  (value) => typeof value === 'string' && isCategory(value),
  'must hold only letters, digits, "_" and "."'
)
