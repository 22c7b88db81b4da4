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

/** What a failure of any tag may tell beside its message. */
type Facts = {
  /** What was thrown underneath, where something was: by a driver, a client, a caller’s function. */
  readonly cause?: unknown
  /** JSON path of the field at fault, `$.outcome.details` for example. */
  readonly path?: string
  /** The record id of the key that it is about. */
  readonly recordId?: string
  /** With a failed `reserveAll`: the records that could not be released again. */
  readonly unreleased?: ReadonlyArray<string>
}

/** What failures of one tag alone tell. */
type OwnFacts = {
  readonly AppendUnknown: {
    /**
     * The claim that may stand. Reserve again with its `claimId` to find out. It is the holder's secret and not enumerable:
     * whoever asks for it has it, and no log of a failure does.
     */
    readonly claim?: Claim
  }
  readonly LimitExceeded: {
    /** The limit that was passed, in the unit that the message names. */
    readonly limit?: number
    /** The size that passed it, in the same unit. */
    readonly size?: number
  }
}

type FactsOf<T extends FailureTag> = Facts & (T extends keyof OwnFacts ? OwnFacts[T] : unknown)

/** The failure of a tag; of several tags, one of theirs. */
type FailureOf<T extends FailureTag> = T extends FailureTag
  ? {
      readonly _tag: T
      /** What is wrong, where, and what would be right, for whoever reads a log. Not for programs: those look at `_tag`. */
      readonly message: string
    } & FactsOf<T>
  : never

/**
 * Why a command could not be answered. Messages and facts name a key by its record id and a field by its JSON path,
 * never by the raw key. A union by `_tag`: what only one kind of failure tells is there once its tag was looked at.
 */
export type Failure = FailureOf<FailureTag>

const withClaim = (made: Failure, claim: Claim | undefined): Failure =>
  claim === undefined ? made : Object.defineProperty(made, 'claim', { value: claim })

/** The claim that may stand, of a failure that has one. */
export const standingClaim = (failed: Failure): Claim | undefined =>
  failed._tag === 'AppendUnknown' ? failed.claim : undefined

export const failure = <T extends FailureTag>(tag: T, message: string, facts?: FactsOf<T>): Failure => {
  const { claim, ...rest }: Facts & { readonly claim?: Claim } = facts ?? {}
  // the facts are those of the tag, which TypeScript cannot follow for a tag that it does not know yet
  return withClaim({ _tag: tag, message, ...rest } as Failure, claim)
}

/** A failure with other facts. To spread it would leave its claim behind. */
export const amended = (failed: Failure, facts: Facts & { readonly message?: string }): Failure =>
  withClaim({ ...failed, ...facts }, standingClaim(failed))

export const invalidInput = (message: string, path?: string): Failure =>
  failure('InvalidInput', message, path === undefined ? {} : { path })
