import type { Task } from 'fp-ts/Task'
import type { Failure } from '../../domain/failure.ts'
import type { Json } from '../../domain/json.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'

/** How a task ended by itself. */
export type Ended<A> = { readonly threw: false; readonly value: A } | { readonly threw: true; readonly error: unknown }

/** Of several keys, the one that stood in the way; `unreleased` are records that wait for their leases to run out. */
export type Blocking = {
  readonly index: number
  readonly recordId: string
  readonly unreleased: ReadonlyArray<string>
}

type Standing = { readonly record: IdempotencyRecord; readonly blocked?: Blocking }

/** The task ran now, and its value is stored. With a `warning` the value could not be stored, or not be read back. */
export type Ran<A> = {
  readonly _tag: 'Ran'
  readonly value: A
  readonly record: IdempotencyRecord
  readonly warning?: Failure
}
/**
 * It ran before. `recovered` where only `recover` found that out, and its outcome was stored just now; with a `warning`
 * that could not be stored.
 */
export type Replayed<A> = {
  readonly _tag: 'Replayed'
  readonly value: A
  readonly recovered?: true
  readonly warning?: Failure
} & Standing
/** The task failed for good now, and its failure is stored. */
export type Failed = {
  readonly _tag: 'Failed'
  readonly failure: Json
  readonly error: unknown
  readonly record: IdempotencyRecord
}
/** It failed for good before. */
export type ReplayedFailure = { readonly _tag: 'ReplayedFailure'; readonly failure: Json } & Standing
/** The task failed now and nothing happened: the key is free again. */
export type GivenBack = { readonly _tag: 'Released'; readonly error: unknown; readonly record: IdempotencyRecord }
/**
 * The task failed now, and did nothing; but an earlier holder may have acted, and nobody looked. So the key is not free:
 * the lease runs out (`retryAfterMs`, where that is known), and whoever asks then is told of a takeover again.
 */
export type LeftToLapse = {
  readonly _tag: 'LeftToLapse'
  readonly error: unknown
  readonly record: IdempotencyRecord
  readonly retryAfterMs?: number
}
/** Another is at work on it. `retryAfterMs` says when its time is over, where that is known. */
export type InFlight = { readonly _tag: 'InFlight'; readonly retryAfterMs?: number } & Standing
/** The key was used for another request. */
export type Conflicting = { readonly _tag: 'Conflict' } & Standing
/** Nobody knows whether it happened: do not try again, under this key or another. `error` where the task just said so. */
export type Doubtful = { readonly _tag: 'InDoubt'; readonly error?: unknown } & Standing
/** The key's retention is over, and policy forbids its reuse. */
export type Over = { readonly _tag: 'Gone'; readonly previous: IdempotencyRecord; readonly blocked?: Blocking }
/** The task ran, and somebody had taken over or ended it by then. The record is the current one, where there is one. */
export type Overtaken<A> = { readonly _tag: 'ClaimLost'; readonly record?: IdempotencyRecord } & Ended<A>
/** The task ran, and how it ended could not be stored. The claim is kept; `retryComplete` tries to store it again. */
export type Unrecorded<A> = {
  readonly _tag: 'Unrecorded'
  readonly cause: Failure
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
