import { type Failure, type FailureTag, standingClaim } from './failure.ts'

/**
 * Whether a request may be sent again after a failure, and that may help. `again`: nothing was written, and the cause may
 * pass; `perhapsWritten`: the same command again finds out; `never`: it fails again until somebody mends something.
 */
export type Retry = 'again' | 'perhapsWritten' | 'never'

export const retryByTag: { readonly [tag in FailureTag]: Retry } = {
  InvalidInput: 'never',
  LimitExceeded: 'never',
  Overloaded: 'again',
  UnknownClaim: 'never',
  Contended: 'again',
  AppendUnknown: 'perhapsWritten',
  StoreBusy: 'again',
  StoreFull: 'never',
  StoreReadOnly: 'never',
  StoreUnavailable: 'again',
  StoreTimeout: 'again',
  AccessDenied: 'never',
  NotAStore: 'never',
  UnsupportedVersion: 'never',
  CorruptStream: 'never',
  ImportRefused: 'never',
  Aborted: 'never'
}

/** Whether the very same request may be sent again. A reserve in doubt may only under the claim id that may stand. */
export const mayRetry = (failed: Failure, claimId: string | undefined): boolean => {
  const retry = retryByTag[failed._tag]
  if (retry !== 'perhapsWritten') return retry === 'again'
  const claim = standingClaim(failed)
  return claim === undefined || claim.claimId === claimId
}
