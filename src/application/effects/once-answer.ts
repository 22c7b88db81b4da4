import type { Task } from 'fp-ts/Task'
import type { Failure } from '../../domain/failure.ts'
import type { Json } from '../../domain/json.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'

/** How a task ended by itself. */
export type Ended<A> =
  | {
      /** Whether it failed. */
      readonly threw: false
      /** What it gave. */
      readonly value: A
    }
  | {
      /** Whether it failed. */
      readonly threw: true
      /** What it failed with. */
      readonly error: unknown
    }

/** Of several keys, the one that stood in the way; `unreleased` are records that wait for their leases to run out. */
export type Blocking = {
  /** Its place among the keys. */
  readonly index: number
  /** The record id of that key. */
  readonly recordId: string
  /** Records of the other keys that were not given back: their leases run out. */
  readonly unreleased: ReadonlyArray<string>
}

type Standing = {
  /** The record that stands under the key. */
  readonly record: IdempotencyRecord
  /** With several keys: which one stood in the way. */
  readonly blocked?: Blocking
}

type Stored = {
  /** The record with how it ended. */
  readonly record: IdempotencyRecord
}

type Erred = {
  /** What the task failed with. */
  readonly error: unknown
}

type ForGood = {
  /** What is stored of the failure. */
  readonly failure: Json
}

type Retrying = {
  /** After how long the lease is over, ms, where that is known. */
  readonly retryAfterMs?: number
}

type Valued<A> = {
  /** What the task gave, or what its codec reads of it. */
  readonly value: A
  /** Why the value could not be stored, or not be read back. */
  readonly warning?: Failure
}

/** The task ran now, and its value is stored. With a `warning` the value could not be stored, or not be read back. */
export type Ran<A> = { readonly _tag: 'Ran' } & Valued<A> & Stored
/**
 * It ran before. `recovered` where only `recover` found that out, and its outcome was stored just now; with a `warning`
 * that could not be stored.
 */
export type Replayed<A> = {
  readonly _tag: 'Replayed'
  /** Whether `recover` found that out now. */
  readonly recovered?: true
} & Valued<A> &
  Standing
/** The task failed for good now, and its failure is stored. */
export type Failed = { readonly _tag: 'Failed' } & ForGood & Erred & Stored
/** It failed for good before. */
export type ReplayedFailure = { readonly _tag: 'ReplayedFailure' } & ForGood & Standing
/** The task failed now and nothing happened: the key is free again. */
export type GivenBack = { readonly _tag: 'Released' } & Erred & Stored
/**
 * The task failed now, and did nothing; but an earlier holder may have acted, and nobody looked. So the key is not free:
 * the lease runs out (`retryAfterMs`, where that is known), and whoever asks then is told of a takeover again.
 */
export type LeftToLapse = { readonly _tag: 'LeftToLapse' } & Erred & Retrying & Stored
/** Another is at work on it. `retryAfterMs` says when its time is over, where that is known. */
export type InFlight = { readonly _tag: 'InFlight' } & Retrying & Standing
/** The key was used for another request. */
export type Conflicting = { readonly _tag: 'Conflict' } & Standing
/** Nobody knows whether it happened: do not try again, under this key or another. `error` where the task just said so. */
export type Doubtful = { readonly _tag: 'InDoubt' } & Partial<Erred> & Standing
/** The key's retention is over, and policy forbids its reuse. */
export type Over = {
  readonly _tag: 'Gone'
  /** The record that stood under the key until its retention was over. */
  readonly previous: IdempotencyRecord
  /** With several keys: which one stood in the way. */
  readonly blocked?: Blocking
}
/** The task ran, and somebody had taken over or ended it by then. The record is the current one, where there is one. */
export type Overtaken<A> = {
  readonly _tag: 'ClaimLost'
  /** Who holds the key now; absent where nobody does. */
  readonly record?: IdempotencyRecord
} & Ended<A>
/** The task ran, and how it ended could not be stored. The claim is kept; `retryComplete` tries to store it again. */
export type Unrecorded<A> = {
  readonly _tag: 'Unrecorded'
  /** Why it could not be stored. */
  readonly cause: Failure
  /** Tries to store it again, for as long as a lease; late is no harm. */
  readonly retryComplete: Task<OnceAnswer<A>>
} & Ended<A>

/** What `once` answers (SPEC section 11; docs/reference/once.md has a row for each). */
export type OnceAnswer<A> =
  | Ran<A>
  | Replayed<A>
  | Failed
  | ReplayedFailure
  | GivenBack
  | LeftToLapse
  | InFlight
  | Conflicting
  | Doubtful
  | Over
  | Overtaken<A>
  | Unrecorded<A>
