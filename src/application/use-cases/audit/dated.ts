import type { Dated } from '../../../domain/audit/moment.ts'
import type { DecodedEvent } from '../../stream/event-text.ts'

/** An event as the audit looks at it; as it is stored it stays beside it. */
export type DatedEvent = Dated & { readonly decoded: DecodedEvent }

export const datedEvent = (decoded: DecodedEvent): DatedEvent => ({
  event: decoded.event,
  revision: decoded.recorded.revision,
  recordedAtMs: decoded.recorded.recordedAtMs,
  decoded
})
