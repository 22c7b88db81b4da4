import * as t from 'io-ts'
import { RecordId } from '../identity.ts'
import { Instant, Millis } from '../instant.ts'
import { Tenant } from '../tenant.ts'
import { EndReason } from './expired.ts'

/** What ended the reservation that this one follows; it is what makes a takeover repeatable. */
const After = t.intersection([t.type({ epoch: t.number, reason: EndReason }), t.partial({ claimId: t.string })])

/** Wire format. The key was free, or was ended by the event before this one, and now has a holder. */
export const ReservedData = t.intersection([
  t.type({
    atMs: Instant,
    recordId: RecordId,
    tenant: Tenant,
    operation: t.string,
    key: t.string,
    owner: t.string,
    requestFingerprint: t.string,
    epoch: t.number,
    claimId: t.string
  }),
  t.partial({
    firstSeenEventId: t.string,
    expiresAtMs: Instant,
    /** Retention that counts from completion. */
    retentionMs: Millis,
    leaseExpiresAtMs: Instant,
    after: After
  })
])

export type Reserved = { readonly type: 'Reserved'; readonly data: t.TypeOf<typeof ReservedData> }
