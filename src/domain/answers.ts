import type { Claim } from './claim.ts'
import type { Command } from './commands.ts'
import type { FailureTag } from './failure.ts'
import type { Instant } from './instant.ts'
import type { IdempotencyRecord } from './record.ts'

/** The key is the caller's to act on. `takeover` warns that an earlier holder may have acted already. */
export type Reserved = {
  readonly _tag: 'Reserved'
  /** The record as it was reserved just now. */
  readonly record: IdempotencyRecord
  /** The right to complete, renew or release it. Its `claimId` is a secret. */
  readonly claim: Claim
  /** Whether an earlier holder’s lease ran out, so that its work may have had its effect already. */
  readonly takeover: boolean
  /** The record that stood under the key before, where there was one. */
  readonly previous?: IdempotencyRecord
}
/** What is told of a request that came again, or of another under its key. */
type Sighting = {
  /** The record that stands under the key. */
  readonly record: IdempotencyRecord
  /** Why it could not be recorded that the request came. It was answered all the same, from a fresh read. */
  readonly unrecorded?: FailureTag
}
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
export type Gone = {
  readonly _tag: 'Gone'
  /** The record that stood under the key until its retention was over. */
  readonly previous: IdempotencyRecord
}

/** The outcome stands. */
export type Completed = {
  readonly _tag: 'Completed'
  /** The record with its outcome. */
  readonly record: IdempotencyRecord
}
/** Another outcome stands already; it is in the record. */
export type AlreadyCompleted = {
  readonly _tag: 'AlreadyCompleted'
  /** The record with the outcome that stands. */
  readonly record: IdempotencyRecord
}
/** The claim was issued and is over. The record is the current one, where the key is held. */
export type ClaimLost = {
  readonly _tag: 'ClaimLost'
  /** Who holds the key now; absent where nobody does. */
  readonly record?: IdempotencyRecord
}

/** What stands under the key after an unfenced completion; no record where the key is not held. */
export type CompletedByKey = {
  readonly _tag: 'CompletedByKey'
  /** The record with the outcome that stands; absent where nobody holds the key. */
  readonly record?: IdempotencyRecord
}

/** The claim was given back, and the key can be reserved. */
export type Released = {
  readonly _tag: 'Released'
  /** The record as it was when it was given back. */
  readonly record: IdempotencyRecord
}

/** The lease runs on. */
export type Renewed = {
  readonly _tag: 'Renewed'
  /** The record with its lease. */
  readonly record: IdempotencyRecord
  /** When the lease ends now, epoch ms. */
  readonly leaseExpiresAtMs: Instant
}

/** The point stands in the record, and whoever takes over by lease goes on from it. */
export type Reached = {
  readonly _tag: 'Reached'
  /** The record with its points. */
  readonly record: IdempotencyRecord
}
/** The key is in doubt, now or since before; the record tells since when. */
export type Marked = {
  readonly _tag: 'Marked'
  /** The record with its doubt. */
  readonly record: IdempotencyRecord
}

/** The reservation is ended; the record is as it was at its end. */
export type Expired = {
  readonly _tag: 'Expired'
  /** The record as it was at its end. */
  readonly record: IdempotencyRecord
}
/** There is nothing to expire, or its time has not come. */
export type NotDue = {
  readonly _tag: 'NotDue'
  /** The record that stands; absent where nobody holds the key. */
  readonly record?: IdempotencyRecord
}
/** Nobody holds the key, so an operator has nothing to end or to complete. */
export type NotHeld = { readonly _tag: 'NotHeld' }

/** The record was brought in. */
export type Imported = {
  readonly _tag: 'Imported'
  /** The record as it stands in the ledger. */
  readonly record: IdempotencyRecord
}
/** The very record was imported before, whatever came since, or stands as it is. */
export type Skipped = {
  readonly _tag: 'Skipped'
  /** The record that stands. */
  readonly record: IdempotencyRecord
}

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

/** What any command can be answered. */
export type Answer = Answers[Command['_tag']]

/** What `reserve` answers. */
export type ReserveAnswer = Answers['Reserve']
/** What `complete` answers. */
export type CompleteAnswer = Answers['Complete']
/** What `completeByKey` answers. */
export type CompleteByKeyAnswer = Answers['CompleteByKey']
/** What `release` answers. */
export type ReleaseAnswer = Answers['Release']
/** What `renew` answers. */
export type RenewAnswer = Answers['Renew']
/** What `reachRecoveryPoint` answers. */
export type ReachRecoveryPointAnswer = Answers['ReachRecoveryPoint']
/** What `markInDoubt` answers. */
export type MarkInDoubtAnswer = Answers['MarkInDoubt']
/** What `expire` answers. */
export type ExpireAnswer = Answers['Expire']
/** What `expireByOperator` answers. */
export type ExpireByOperatorAnswer = Answers['ExpireByOperator']
/** What `completeByOperator` answers. */
export type CompleteByOperatorAnswer = Answers['CompleteByOperator']
