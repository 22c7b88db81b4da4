import * as t from 'io-ts'
import { Count, Owners } from '../count.ts'
import { Instant } from '../instant.ts'

/** Another fingerprint came under this key, `count` times. */
export type ConflictRecordedData = {
  /** When the last of them came, in the order of decisions, epoch ms. */
  readonly atMs: Instant
  /** When the first of them came, epoch ms. */
  readonly firstAtMs: Instant
  /** How many came. */
  readonly count: number
  /** Who asked: 16 are named at most. */
  readonly owners: ReadonlyArray<string>
  /** The other fingerprint. */
  readonly requestFingerprint: string
}

/** Wire format. */
export const ConflictRecordedData = t.type({
  atMs: Instant,
  firstAtMs: Instant,
  count: Count,
  owners: Owners,
  requestFingerprint: t.string
})

/** The event `ConflictRecorded`. */
export type ConflictRecorded = {
  readonly type: 'ConflictRecorded'
  /** What it tells. */
  readonly data: ConflictRecordedData
}
