import type { Claim } from '../../domain/claim.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'

/** Runs a part of a task once per name, across takeovers and releases: its result is kept as a recovery point. */
export type Step = <T>(name: string, run: () => T | Promise<T>) => Promise<T>

/** What a task is handed. */
export type TaskContext = {
  /** The holder's secret: pass it on to nobody but those who work for this task. Of several keys, the first one's. */
  readonly claim: Claim
  /** Aborted with a `TaskAborted` where the task is to stop. Hand it to whatever the task calls. */
  readonly signal: AbortSignal
  /** Whether an earlier holder may have acted, and left no outcome. */
  readonly takeover: boolean
  /** The record that ended before this one, where there was one. */
  readonly previous?: IdempotencyRecord
  /** The claim's epoch: 1 for the first that ever held the key. */
  readonly attempt: number
  /** An idempotency key for somebody else's API: of this key and the name, the same in every attempt. */
  readonly downstreamKey: (name: string) => string
  /** Runs a part of the task once per name; its result is a recovery point. */
  readonly step: Step
}

/** What `recover` is handed beside the previous record. */
export type RecoverContext = Pick<TaskContext, 'claim' | 'signal' | 'attempt' | 'downstreamKey'>

/**
 * What the world shows of an earlier attempt: its outcome; that there is none (`notFound`: the task runs); or that nobody
 * can tell (`unknown`: the key is marked in doubt).
 */
export type Recovery<A> =
  | {
      /** What the earlier attempt gave. */
      readonly outcome: A
    }
  | 'notFound'
  | 'unknown'
