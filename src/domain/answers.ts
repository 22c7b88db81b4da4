import type { Claim } from './claim.ts'
import type { Command } from './commands.ts'
import type { FailureTag } from './failure.ts'
import type { Instant } from './instant.ts'
import type { IdempotencyRecord } from './record.ts'

/** The key is the caller's to act on. `takeover` warns that an earlier holder may have acted already. */
export type Reserved = {
  readonly _tag: 'Reserved'
  readonly record: IdempotencyRecord
  readonly claim: Claim
  readonly takeover: boolean
  readonly previous?: IdempotencyRecord
}
/** A duplicate, in doubt or not, or conflict that could not be recorded was answered all the same, from a fresh read; this is why. */
type Sighting = { readonly record: IdempotencyRecord; readonly unrecorded?: FailureTag }
/** The same request was seen before: in flight while `record.outcome` is absent, else its replay. */
export type Duplicate = { readonly _tag: 'Duplicate' } & Sighting
/** The key was used for another request. */
export type Conflict = { readonly _tag: 'Conflict' } & Sighting
/**
 * The same request was seen before, and its holder does not know whether its effect happened. Neither this key nor a new
 * one should be tried until the holder or an operator says what is so.
 */
export type InDoubt = { readonly _tag: 'InDoubt' } & Sighting
/** The key's retention is over, and policy forbids its reuse. */
export type Gone = { readonly _tag: 'Gone'; readonly previous: IdempotencyRecord }

export type Completed = { readonly _tag: 'Completed'; readonly record: IdempotencyRecord }
/** Another outcome stands already; it is in the record. */
export type AlreadyCompleted = { readonly _tag: 'AlreadyCompleted'; readonly record: IdempotencyRecord }
/** The claim was issued and is over. The record is the current one, where the key is held. */
export type ClaimLost = { readonly _tag: 'ClaimLost'; readonly record?: IdempotencyRecord }

/** What stands under the key after an unfenced completion; no record where the key is not held. */
export type CompletedByKey = { readonly _tag: 'CompletedByKey'; readonly record?: IdempotencyRecord }

export type Released = { readonly _tag: 'Released'; readonly record: IdempotencyRecord }

export type Renewed = {
  readonly _tag: 'Renewed'
  readonly record: IdempotencyRecord
  readonly leaseExpiresAtMs: Instant
}

/** The point stands in the record, and whoever takes over by lease goes on from it. */
export type Reached = { readonly _tag: 'Reached'; readonly record: IdempotencyRecord }
/** The key is in doubt, now or since before; the record tells since when. */
export type Marked = { readonly _tag: 'Marked'; readonly record: IdempotencyRecord }

/** The reservation is ended; the record is as it was at its end. */
export type Expired = { readonly _tag: 'Expired'; readonly record: IdempotencyRecord }
/** There is nothing to expire, or its time has not come. */
export type NotDue = { readonly _tag: 'NotDue'; readonly record?: IdempotencyRecord }
/** Nobody holds the key, so an operator has nothing to end or to complete. */
export type NotHeld = { readonly _tag: 'NotHeld' }

export type Imported = { readonly _tag: 'Imported'; readonly record: IdempotencyRecord }
/** The very record was imported before, whatever came since, or stands as it is. */
export type Skipped = { readonly _tag: 'Skipped'; readonly record: IdempotencyRecord }

/** What a command can be answered. Duplicates, conflicts and lost claims are answers, not errors. */
export type Answers = {
  readonly Reserve: Reserved | Duplicate | InDoubt | Conflict | Gone
  readonly Complete: Completed | AlreadyCompleted | ClaimLost
  readonly CompleteByKey: CompletedByKey
  readonly Release: Released | AlreadyCompleted | ClaimLost
  readonly Renew: Renewed | AlreadyCompleted | ClaimLost
  readonly ReachRecoveryPoint: Reached | AlreadyCompleted | ClaimLost
  readonly MarkInDoubt: Marked | AlreadyCompleted | ClaimLost
  readonly Expire: Expired | NotDue
  readonly ExpireByOperator: Expired | NotHeld
  readonly CompleteByOperator: Completed | AlreadyCompleted | NotHeld
  readonly Import: Imported | Skipped
}

export type Answer = Answers[Command['_tag']]

export type ReserveAnswer = Answers['Reserve']
export type CompleteAnswer = Answers['Complete']
export type CompleteByKeyAnswer = Answers['CompleteByKey']
export type ReleaseAnswer = Answers['Release']
export type RenewAnswer = Answers['Renew']
export type ReachRecoveryPointAnswer = Answers['ReachRecoveryPoint']
export type MarkInDoubtAnswer = Answers['MarkInDoubt']
export type ExpireAnswer = Answers['Expire']
export type ExpireByOperatorAnswer = Answers['ExpireByOperator']
export type CompleteByOperatorAnswer = Answers['CompleteByOperator']
