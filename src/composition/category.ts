/** What stands before the record id in stream names, unless it is configured (SPEC section 2). */
export const defaultCategory = 'idempotency'

export const categoryWanted = 'a category holds only letters, digits, "_" and "."'
