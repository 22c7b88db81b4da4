import * as t from 'io-ts'
import { Count, Owners } from '../count.ts'
import { Instant } from '../instant.ts'

/** The same fingerprint came again, `count` times. */
export type DuplicateSeenData = {
  /** When the last of them came, in the order of decisions, epoch ms. */
  readonly atMs: Instant
  /** When the first of them came, epoch ms. */
  readonly firstAtMs: Instant
  /** How many came. */
  readonly count: number
  /** Who asked: 16 are named at most. */
  readonly owners: ReadonlyArray<string>
}

/** Wire format. */
export const DuplicateSeenData = t.type({
  atMs: Instant,
  firstAtMs: Instant,
  count: Count,
  owners: Owners
})

/** The event `DuplicateSeen`. */
export type DuplicateSeen = {
  readonly type: 'DuplicateSeen'
  /** What it tells. */
  readonly data: DuplicateSeenData
}
