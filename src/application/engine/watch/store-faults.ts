import { nextRevision } from '../../../domain/expected-revision.ts'
import type { Append, LogPage, Position, ReadStream, RecordedEvent } from '../../ports/event-store.ts'

// What a store hands back is checked against what was asked of it. Each of these says what is wrong with it.

type Fields = { readonly [name: string]: unknown }

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

const isEvent = (value: unknown): value is RecordedEvent =>
  isFields(value) &&
  typeof value['stream'] === 'string' &&
  typeof value['id'] === 'string' &&
  typeof value['type'] === 'string' &&
  typeof value['data'] === 'string' &&
  typeof value['metadata'] === 'string' &&
  typeof value['position'] === 'string' &&
  typeof value['revision'] === 'bigint' &&
  value['revision'] >= 0n &&
  Number.isFinite(value['recordedAtMs'])

const notAnEvent = 'something that is not an event'

/** What is wrong with the events of a stream. A stream may begin above where it is read from: it may have been deleted. */
export const streamFault = (
  given: unknown,
  [stream, direction, from, count]: Parameters<ReadStream>
): string | undefined => {
  if (!Array.isArray(given)) return 'no list of events'
  if (given.length > count) return 'more events than it was asked for'
  const step = direction === 'forwards' ? 1n : -1n
  let next: bigint | undefined
  for (const event of given) {
    if (!isEvent(event)) return notAnEvent
    if (event.stream !== stream) return 'an event of another stream'
    const { revision } = event
    if (next !== undefined && revision !== next) return `revision ${revision} where ${next} had to follow`
    if (next === undefined && typeof from === 'bigint' && (revision - from) * step < 0n) {
      return `revision ${revision} where it was read from ${from}`
    }
    next = revision + step
  }
  return undefined
}

/** What is wrong with an event of the log: nothing, where it is one, of a stream with the prefix. */
export const logEventFault = (event: unknown, prefix: string): string | undefined => {
  if (!isEvent(event)) return notAnEvent
  return event.stream.startsWith(prefix) ? undefined : 'an event of a stream that was not asked for'
}

const isUnreadable = (value: unknown): boolean =>
  isFields(value) &&
  typeof value['position'] === 'string' &&
  ['string', 'undefined'].includes(typeof value['stream']) &&
  ['bigint', 'undefined'].includes(typeof value['revision']) &&
  isFields(value['error']) &&
  typeof value['error']['_tag'] === 'string' &&
  typeof value['error']['message'] === 'string'

const isPosition = (value: unknown): value is Position => typeof value === 'string'

/** What is wrong with a page of the log that was read after a position. */
export const pageFault = (
  page: unknown,
  after: Position | 'start',
  prefix: string,
  maxCount: number
): string | undefined => {
  if (!isFields(page)) return 'no page of the log'
  const { events, unreadable = [], next, atEnd }: Partial<Record<keyof LogPage, unknown>> = page
  if (!Array.isArray(events) || !isPosition(next) || typeof atEnd !== 'boolean') return 'no page of the log'
  if (!Array.isArray(unreadable) || !unreadable.every(isUnreadable)) return 'no list of what cannot be read'
  if (events.length > maxCount) return 'more events than it was asked for'
  for (const event of events) {
    const fault = logEventFault(event, prefix)
    if (fault !== undefined) return fault
  }
  return !atEnd && next === after ? 'a log that does not go on' : undefined
}

/** What is wrong with the revision that an append was answered with. */
export const revisionFault = (
  answer: unknown,
  { expected, events }: Append,
  continuesAfterDelete: boolean
): string | undefined => {
  const revision = isFields(answer) ? answer['revision'] : undefined
  if (typeof revision !== 'bigint') return 'no revision'
  const due = nextRevision(expected) + BigInt(events.length) - 1n
  const elsewhere = continuesAfterDelete && expected._tag === 'NoStream' && revision > due
  return revision === due || elsewhere ? undefined : `revision ${revision} where ${due} had to follow`
}
