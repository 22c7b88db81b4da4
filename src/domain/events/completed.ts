import * as t from 'io-ts'
import { Instant } from '../instant.ts'
import { Outcome } from '../outcome.ts'

/** Wire format. The work is done. Without a `claimId` it was completed by key, or by an operator. */
export const CompletedData = t.intersection([
  t.type({ atMs: Instant, epoch: t.number, outcome: Outcome }),
  t.partial({ claimId: t.string, expiresAtMs: Instant, note: t.string })
])

export type Completed = { readonly type: 'Completed'; readonly data: t.TypeOf<typeof CompletedData> }
