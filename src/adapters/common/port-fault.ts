import * as E from 'fp-ts/Either'
import type { Append, ProposedEvent, ReadStream, StoreError } from '../../application/ports/event-store.ts'
import { invalidInput } from '../../domain/failure.ts'
import { quoted } from '../../domain/text.ts'

/** The last revision that an event can have: servers keep them in 64 bits with a sign. */
export const lastRevision = 2n ** 63n - 1n

/**
 * Why a stream cannot have this name, on any store. A lone surrogate would be written as another name; what begins with
 * `$$` are a server's notes on other streams, and an append to `$$` itself ends the server's process.
 */
const nameFault = (stream: unknown): StoreError | undefined => {
  const refused = (message: string): StoreError => invalidInput(message, '$.stream')
  if (typeof stream !== 'string' || stream === '') return refused('a stream must have a name')
  if (!stream.isWellFormed()) return refused('the name of a stream cannot hold a lone surrogate')
  return stream.startsWith('$$') ? refused(`no stream of events is named ${quoted(stream)}`) : undefined
}

/** What is no expectation at all, from callers whose types nobody checked, must not reach a store. */
const expectationFault = (expected: unknown): StoreError | undefined => {
  const tag: unknown = typeof expected === 'object' && expected !== null ? Reflect.get(expected, '_tag') : undefined
  if (tag === 'NoStream') return undefined
  const revision: unknown = tag === 'Exactly' ? Reflect.get(expected as object, 'revision') : undefined
  return typeof revision === 'bigint' && revision >= 0n && revision <= lastRevision
    ? undefined
    : invalidInput('an append expects no stream, or a revision from 0 to 2^63 - 1', '$.expected')
}

/** What is no event at all, from callers whose types nobody checked. */
export const textless = invalidInput('an event is made of texts: id, type, data and metadata', '$.events')

const loneSurrogate = invalidInput('the texts of an event cannot hold a lone surrogate', '$.events')

/** A lone surrogate would be written as U+FFFD, and what is read would be another text. */
const eventFault = (event: Partial<ProposedEvent> | null | undefined): StoreError | undefined => {
  const texts: ReadonlyArray<unknown> = [event?.id, event?.type, event?.data, event?.metadata]
  if (!texts.every((text) => typeof text === 'string')) return textless
  return texts.every((text) => text.isWellFormed()) ? undefined : loneSurrogate
}

const eventsFault = (events: ReadonlyArray<ProposedEvent>): StoreError | undefined => {
  if (!Array.isArray(events) || events.length === 0)
    return invalidInput('an append holds at least one event', '$.events')
  for (const event of events) {
    const wrong = eventFault(event)
    if (wrong !== undefined) return wrong
  }
  return undefined
}

/** Why no store takes an append, whatever it holds. */
export const appendFault = ({ stream, expected, events }: Append): StoreError | undefined =>
  nameFault(stream) ?? expectationFault(expected) ?? eventsFault(events)

/** A read that asks for what no store can have is refused by name, and not sent. */
export const checkedRead =
  (read: ReadStream): ReadStream =>
  (stream, direction, from, ...rest) => {
    const wrong =
      nameFault(stream) ??
      (typeof from === 'bigint' && from > lastRevision
        ? invalidInput('a read begins at a revision below 2^63', '$.from')
        : undefined)
    return wrong === undefined ? read(stream, direction, from, ...rest) : async () => E.left(wrong)
  }
