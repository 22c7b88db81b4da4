import type { JSONEventData, JSONType } from '@eventstore/db-client'
import * as E from 'fp-ts/Either'
import type { ProposedEvent, StoreError } from '../../application/ports/event-store.ts'
import { failure, invalidInput } from '../../domain/failure.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const utf8 = new TextEncoder()

/** The value of a JSON text that the client's own `JSON.stringify` will write back exactly; undefined for any other. */
const exactValue = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text)
    return JSON.stringify(value) === text ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * An event as the client takes it. What it cannot take is refused here: inside the client a value that does not
 * serialise ends in an unhandled rejection and a promise that never settles. Metadata goes as bytes, since the client
 * drops metadata that is falsy.
 */
export const toEventData = ({ id, type, data, metadata }: ProposedEvent): E.Either<StoreError, JSONEventData> => {
  if (!uuid.test(id)) return E.left(invalidInput('an event id must be a UUID in lower case'))
  if (type.length === 0) return E.left(invalidInput('an event type cannot be empty'))
  const value = exactValue(data)
  if (value === undefined) return E.left(invalidInput(`the data of ${type} is not JSON as JSON.stringify writes it`))
  if (exactValue(metadata) === undefined) {
    return E.left(invalidInput(`the metadata of ${type} is not JSON as JSON.stringify writes it`))
  }
  // the client's type leaves out numbers, booleans and null, which it serialises all the same
  return E.right({
    id,
    type,
    contentType: 'application/json',
    data: value as JSONType,
    metadata: utf8.encode(metadata)
  })
}

/** Bytes of an append as servers count them (24.10 and later: data, metadata and twice the type). */
export const appendBytes = (events: ReadonlyArray<ProposedEvent>): number =>
  events.reduce(
    (sum, { type, data, metadata }) => sum + Buffer.byteLength(data) + Buffer.byteLength(metadata) + 2 * type.length,
    0
  )

/** Refuses an append that the server would refuse, before anything is sent. */
export const withinLimit = (events: ReadonlyArray<ProposedEvent>, limit: number): StoreError | undefined => {
  const size = appendBytes(events)
  return size <= limit
    ? undefined
    : failure('LimitExceeded', `an append of ${size} bytes is over the store's limit of ${limit} bytes`, {
        limit,
        size
      })
}
