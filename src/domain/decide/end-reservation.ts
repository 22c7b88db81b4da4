import type { EndReason } from '../events/expired.ts'
import type { EventOfType } from '../events/ledger-event.ts'
import { expired } from '../evolve.ts'
import type { Instant } from '../instant.ts'
import type { Held, Vacant } from '../state.ts'

/** The event that ends a reservation, and the key as it leaves it. */
export const endReservation = (
  state: Held,
  { atMs, reason, note }: { readonly atMs: Instant; readonly reason: EndReason; readonly note?: string | undefined }
): { readonly vacant: Vacant; readonly event: EventOfType<'Expired'> } => {
  const event: EventOfType<'Expired'> = {
    type: 'Expired',
    data: { atMs, epoch: state.record.epoch, reason, ...(note === undefined ? {} : { note }) }
  }
  return { vacant: expired(state, event), event }
}
