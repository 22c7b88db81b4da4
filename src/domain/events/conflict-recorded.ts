import * as t from 'io-ts'
import { Instant } from '../instant.ts'

/** Wire format. Another fingerprint came under this key, `count` times. */
export const ConflictRecordedData = t.type({
  atMs: Instant,
  firstAtMs: Instant,
  count: t.number,
  owners: t.readonlyArray(t.string),
  requestFingerprint: t.string
})

export type ConflictRecorded = {
  readonly type: 'ConflictRecorded'
  readonly data: t.TypeOf<typeof ConflictRecordedData>
}
