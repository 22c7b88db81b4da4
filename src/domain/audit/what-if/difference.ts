import type { Policy } from '../../commands.ts'
import type { Millis } from '../../instant.ts'

/** Another way to have treated a key's requests. What is left out of the lengths is as each request had it. */
export type OtherPolicy = {
  readonly policy: Policy
  /** Every lease, of reserve and of renew. */
  readonly lease?: Millis | 'none' | undefined
  /** Every retention, counted from completion; an end that a request named is not looked at then. */
  readonly retentionMs?: Millis | undefined
}

/** What a request was answered, or would have been: `noClaim` where its caller would never have been given its claim. */
export type Said =
  | 'reserved'
  | 'takenOver'
  | 'inFlight'
  | 'replay'
  | 'inDoubt'
  | 'conflict'
  | 'gone'
  | 'completed'
  | 'alreadyCompleted'
  | 'claimLost'
  | 'notCounted'
  | 'released'
  | 'renewed'
  | 'reached'
  | 'marked'
  | 'expired'
  | 'notDue'
  | 'notHeld'
  | 'imported'
  | 'skipped'
  | 'refused'
  | 'noClaim'

/** What was asked: the name of a use case of the ledger. */
export type Asked =
  | 'reserve'
  | 'complete'
  | 'completeByKey'
  | 'completeByOperator'
  | 'release'
  | 'renew'
  | 'reachRecoveryPoint'
  | 'markInDoubt'
  | 'expireByOperator'
  | 'importRecords'

/** A request of the history that would have been answered differently. */
export type Difference = {
  /** The event that tells of the request. */
  readonly revision: bigint
  /** When the request was decided, epoch ms. */
  readonly atMs: number
  /** What was asked. */
  readonly asked: Asked
  /**
   * How many requests: of merged duplicates and conflicts only their number, their owners, and the times of the first
   * and the last are known, so that those between are replayed at the last one's time.
   */
  readonly count: number
  /** Who asked, where the events say so. */
  readonly owners: ReadonlyArray<string>
  /** What was answered. */
  readonly was: Said
  /** What would have been. */
  readonly wouldBe: Said
}
