import * as t from 'io-ts'
import { Instant } from '../instant.ts'

/** Wire format. The same fingerprint came again, `count` times; `atMs` is the last of them in decision order. */
export const DuplicateSeenData = t.type({
  atMs: Instant,
  firstAtMs: Instant,
  count: t.number,
  owners: t.readonlyArray(t.string)
})

export type DuplicateSeen = { readonly type: 'DuplicateSeen'; readonly data: t.TypeOf<typeof DuplicateSeenData> }
