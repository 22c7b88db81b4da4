import type { Claim } from './claim.ts'

/** The closed list of error tags (SPEC section 13). */
export type FailureTag =
  | 'InvalidInput'
  | 'LimitExceeded'
  | 'Overloaded'
  | 'UnknownClaim'
  | 'Contended'
  | 'AppendUnknown'
  | 'StoreBusy'
  | 'StoreFull'
  | 'StoreReadOnly'
  | 'StoreUnavailable'
  | 'StoreTimeout'
  | 'AccessDenied'
  | 'NotAStore'
  | 'UnsupportedVersion'
  | 'CorruptStream'
  | 'ImportRefused'
  | 'Aborted'

/**
 * Why a command could not be answered. Messages and facts name a key by its record id and a field by its JSON path,
 * never by the raw key.
 */
export type Failure = {
  readonly _tag: FailureTag
  readonly message: string
  readonly cause?: unknown
  /** JSON path of the field at fault, `$.outcome.details` for example. */
  readonly path?: string
  readonly recordId?: string
  /** The limit that was passed and the size that passed it, in the unit that the message names. */
  readonly limit?: number
  readonly size?: number
  /**
   * With `AppendUnknown`: the claim that may stand. Reserve again with its `claimId` to find out. It is the holder's secret
   * and not enumerable: whoever asks for it has it, and no log of a failure does.
   */
  readonly claim?: Claim
  /** With a failed `reserveAll`: the records that could not be released again. */
  readonly unreleased?: ReadonlyArray<string>
}

const withClaim = (made: Failure, claim: Claim | undefined): Failure =>
  claim === undefined ? made : Object.defineProperty(made, 'claim', { value: claim })

export const failure = (
  _tag: FailureTag,
  message: string,
  { claim, ...facts }: Omit<Failure, '_tag' | 'message'> = {}
): Failure => withClaim({ _tag, message, ...facts }, claim)

/** A failure with other facts. To spread it would leave its claim behind. */
export const amended = (failed: Failure, facts: Partial<Omit<Failure, '_tag' | 'claim'>>): Failure =>
  withClaim({ ...failed, ...facts }, failed.claim)

export const invalidInput = (message: string, path?: string): Failure =>
  failure('InvalidInput', message, path === undefined ? {} : { path })
