import * as t from 'io-ts'
import { Count, Owners } from '../count.ts'
import { Instant } from '../instant.ts'

/** Wire format. Another fingerprint came under this key, `count` times. */
export const ConflictRecordedData = t.type({
  atMs: Instant,
  firstAtMs: Instant,
  count: Count,
  owners: Owners,
  requestFingerprint: t.string
})

export type ConflictRecorded = {
  readonly type: 'ConflictRecorded'
  readonly data: t.TypeOf<typeof ConflictRecordedData>
}
