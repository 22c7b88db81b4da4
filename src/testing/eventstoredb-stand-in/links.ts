import type { LoggedEvent } from './events.ts'
import type { LogView } from './log-view.ts'
import { visibleEvent } from './stream-view.ts'

/** What is sent for an event: itself, or what it points at beside it. What a link leads to may not be there to be read. */
export type Resolved = { readonly event: LoggedEvent | undefined; readonly link?: LoggedEvent }

const target = /^\s*([+-]?\d+)\s*(?:@(.*))?$/s

/** Follows a link. One that names no number is sent as it is, but by what is live it is taken for one that leads nowhere. */
export const resolve = (log: LogView, event: LoggedEvent, isLive: boolean): Resolved => {
  if (event.type !== '$>') return { event }
  const [, number, stream] = target.exec(Buffer.from(event.data).toString()) ?? []
  if (number === undefined) return isLive ? { event: undefined, link: event } : { event }
  const found = stream === undefined ? undefined : visibleEvent(log, stream, BigInt(number))
  return { event: found, link: event }
}
