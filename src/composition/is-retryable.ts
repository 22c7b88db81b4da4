import type { Failure } from '../domain/failure.ts'
import { isMembers } from '../domain/parsing/values.ts'
import { mayRetry, retryByTag } from '../domain/retry.ts'
import { isKeyfoldError } from './promises.ts'

const isFailure = (given: unknown): given is Failure =>
  isMembers(given) && typeof given['_tag'] === 'string' && Object.hasOwn(retryByTag, given['_tag'])

/**
 * Whether the same request may be sent again after an error, and that may help: nothing of it was written, or it is safe to
 * repeat. Wait before, longer each time. An `AppendUnknown` with a `claim` is a reserve that may stand: hand the request
 * over as well, and it is `true` where that has the `claimId` of this very claim; without it, it is `false`, since a reserve
 * under another claim id would be told that somebody is at work. Takes any error at all: what is no failure of keyfold's is
 * `false`. See docs/reference/failures.md.
 */
export const isRetryable = (
  error: unknown,
  request?: {
    /** The claim id that the request was made with, where it brought its own. */
    readonly claimId?: string | undefined
  }
): boolean => {
  try {
    const failed: unknown = isKeyfoldError(error) ? error.failure : error
    return isFailure(failed) && mayRetry(failed, request?.claimId)
  } catch {
    // a proxy or a getter, which is no failure of keyfold's
    return false
  }
}
