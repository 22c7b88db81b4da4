import { codecOf } from './codec-of.ts'
import type { Json } from './json.ts'

/** Stored text is JSON already: only that there is a value is left to check. */
export const StoredJson = codecOf('Json', (value): value is Json => value !== undefined)
