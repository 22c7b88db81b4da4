import * as t from 'io-ts'
import { Instant } from '../instant.ts'
import { Outcome } from '../outcome.ts'

/** Wire format. A completion that must not count: evidence, never an overwrite; once per claim and outcome. */
export const CompletionRejectedData = t.intersection([
  t.type({ atMs: Instant, outcome: Outcome }),
  t.partial({ epoch: t.number, claimId: t.string, currentEpoch: t.number })
])

export type CompletionRejected = {
  readonly type: 'CompletionRejected'
  readonly data: t.TypeOf<typeof CompletionRejectedData>
}
