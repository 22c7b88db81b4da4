import * as E from 'fp-ts/Either'
import type { Instant, Millis } from '../../domain/instant.ts'
import { type Parsed, refused } from '../../domain/parsing/parsed.ts'
import { instant, millis } from '../../domain/parsing/values.ts'

/** How long an answer is remembered: an absolute end, or a length from completion on; never both. */
export const retentionOf = (request: {
  readonly expiresAtMs?: number | undefined
  readonly retentionMs?: number | undefined
}): Parsed<{ readonly expiresAtMs?: Instant; readonly retentionMs?: Millis }> => {
  if (request.expiresAtMs !== undefined && request.retentionMs !== undefined) {
    return refused('give either $.expiresAtMs or $.retentionMs, not both', '$.retentionMs')
  }
  if (request.retentionMs !== undefined) {
    return E.map((retentionMs: Millis) => ({ retentionMs }))(millis('$.retentionMs', request.retentionMs))
  }
  if (request.expiresAtMs !== undefined) {
    return E.map((expiresAtMs: Instant) => ({ expiresAtMs }))(instant('$.expiresAtMs', request.expiresAtMs))
  }
  return E.right({})
}
