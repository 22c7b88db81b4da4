import * as t from 'io-ts'
import { Count, Owners } from '../count.ts'
import { Instant } from '../instant.ts'

/** Wire format. The same fingerprint came again, `count` times; `atMs` is the last of them in decision order. */
export const DuplicateSeenData = t.type({
  atMs: Instant,
  firstAtMs: Instant,
  count: Count,
  owners: Owners
})

export type DuplicateSeen = { readonly type: 'DuplicateSeen'; readonly data: t.TypeOf<typeof DuplicateSeenData> }
