import type { ProposedEvent, StoreError } from '../../../application/ports/event-store.ts'
import { failure, invalidInput } from '../../../domain/failure.ts'

/** What a server takes in one message, and so of one event, whatever an append may hold: bytes. */
const maxOfAnEvent = 16 * 1024 * 1024

/** Room for what goes with an event beside its texts: its id, the names of its fields, their lengths. */
const aroundAnEvent = 256

const nil = '00000000-0000-0000-0000-000000000000'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Whether a text is JSON as `JSON.stringify` writes it: the client gives values back, and not the texts. */
const isExact = (text: string): boolean => {
  try {
    return JSON.stringify(JSON.parse(text)) === text
  } catch {
    return false
  }
}

/** Why an event is not sent: the server would refuse it, or it would not come back as it is. */
export const eventFault = ({ id, type, data, metadata }: ProposedEvent): StoreError | undefined => {
  if (!uuid.test(id) || id === nil) return invalidInput('an event id must be a UUID in lower case, and not nil')
  if (type.length === 0) return invalidInput('an event type cannot be empty')
  if (!isExact(data)) return invalidInput(`the data of ${type} is not JSON as JSON.stringify writes it`)
  if (!isExact(metadata)) return invalidInput(`the metadata of ${type} is not JSON as JSON.stringify writes it`)
  return undefined
}

/** Bytes of an append as servers count them (24.10 and later: data, metadata and twice the type). */
export const appendBytes = (events: ReadonlyArray<ProposedEvent>): number =>
  events.reduce(
    (sum, { type, data, metadata }) => sum + Buffer.byteLength(data) + Buffer.byteLength(metadata) + 2 * type.length,
    0
  )

const tooLarge = (what: string, size: number, limit: number): StoreError =>
  failure('LimitExceeded', `${what} of ${size} bytes is over the store's limit of ${limit} bytes`, { limit, size })

/** Refuses an append that the server would refuse, before anything is sent. */
export const withinLimit = (events: ReadonlyArray<ProposedEvent>, limit: number): StoreError | undefined => {
  const size = appendBytes(events)
  if (size > limit) return tooLarge('an append', size, limit)
  const most = maxOfAnEvent - aroundAnEvent
  const largest = size > most ? Math.max(...events.map((event) => appendBytes([event]))) : 0
  return largest > most ? tooLarge('an event', largest, most) : undefined
}
