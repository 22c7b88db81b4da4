import * as t from 'io-ts'
import { ClaimHash } from '../claim.ts'
import { Epoch } from '../epoch.ts'
import { Instant } from '../instant.ts'

/** Wire format. The holder does not know whether its effect happened: nobody takes over until somebody says what is so. */
export const MarkedInDoubtData = t.intersection([
  t.type({ atMs: Instant, epoch: Epoch, claimHash: ClaimHash }),
  t.partial({ note: t.string })
])

export type MarkedInDoubt = { readonly type: 'MarkedInDoubt'; readonly data: t.TypeOf<typeof MarkedInDoubtData> }
