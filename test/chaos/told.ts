import type { Claim } from '../../src/domain/claim.ts'
import type { FailureTag } from '../../src/index.ts'

/** What a caller asked for, as far as it can be found in the log again. */
export type Asked =
  | { readonly do: 'reserve'; readonly claimId: string }
  | { readonly do: 'renew'; readonly claim: Claim; readonly untilMs: number }
  | { readonly do: 'release' | 'complete'; readonly claim: Claim }

export type Answered =
  | { readonly _tag: 'Reserved'; readonly claim: Claim }
  | { readonly _tag: 'Duplicate' | 'InDoubt' | 'Conflict'; readonly unrecorded?: FailureTag }
  | { readonly _tag: 'Renewed'; readonly untilMs: number }
  | { readonly _tag: 'Gone' | 'Released' | 'Completed' | 'AlreadyCompleted' | 'ClaimLost' }

/** One call of a caller's, and what it was told. */
export type Told = {
  readonly recordId: string
  /**
   * Stands in whatever the call writes, and in nothing else: the owner of a reserve, the note of a release, the details
   * of a completion. A call whose answer was lost is repeated under its own mark.
   */
  readonly mark: string
  readonly asked: Asked
  readonly answer: Answered | { readonly _tag: 'Failed'; readonly tag: FailureTag | 'none of keyfold’s' }
  /** By the monotonic clock, ms. */
  readonly beganAt: number
  readonly endedAt: number
}

export const isAnswered = ({ answer }: Told): boolean => answer._tag !== 'Failed'

export const tookMs = ({ beganAt, endedAt }: Told): number => endedAt - beganAt

/** Whether the failure of a call leaves open what it wrote; all others say that it wrote nothing. */
export const isInDoubt = ({ answer }: Told): boolean => answer._tag === 'Failed' && answer.tag === 'AppendUnknown'

export const isRefused = (told: Told): boolean => !isAnswered(told) && !isInDoubt(told)
