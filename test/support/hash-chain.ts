import { createHash } from 'node:crypto'
import type { ProposedEvent, RecordedEvent } from '../../src/application/ports/event-store.ts'

// The hash chain, written down a second time from SPEC section 3, and not from the code.

const sha256OfParts = (parts: ReadonlyArray<string>): string => {
  const hash = createHash('sha256')
  for (const part of parts) {
    const bytes = Buffer.from(part, 'utf8')
    const length = Buffer.alloc(8)
    length.writeBigUInt64BE(BigInt(bytes.length))
    hash.update(length).update(bytes)
  }
  return hash.digest('hex')
}

type Stored = Pick<ProposedEvent, 'id' | 'type' | 'data' | 'metadata'>

/** The hash that an event must have, from the metadata as it is stored. */
const hashOf = (previousHash: string, { id, type, data, metadata }: Stored): string => {
  const { hash: _, ...rest } = JSON.parse(metadata)
  return sha256OfParts([previousHash, id, type, data, JSON.stringify(rest)])
}

/** What is wrong with the hashes of a whole stream; nothing where all is right. */
export const hashFaults = (stream: string, events: ReadonlyArray<RecordedEvent>): ReadonlyArray<string> => {
  let previous = sha256OfParts([stream])
  return events.flatMap((event) => {
    const { hash, previousHash } = JSON.parse(event.metadata)
    const faults = [
      ...(previousHash === previous ? [] : [`${event.revision} names another hash before it`]),
      ...(hash === hashOf(previous, event) ? [] : [`${event.revision} has another hash than its content gives`])
    ]
    previous = hash
    return faults
  })
}

/** An event before it is chained: data and metadata may be anything. */
export type Unchained = {
  readonly type: string
  readonly data: unknown
  readonly metadata?: object
  readonly id?: string
}

/** Events that follow on others of their stream, with hashes as they must be: what another build might have written. */
export const chained = (
  stream: string,
  events: ReadonlyArray<Unchained>,
  after?: Stored
): ReadonlyArray<ProposedEvent> => {
  let previousHash: string = after === undefined ? sha256OfParts([stream]) : JSON.parse(after.metadata).hash
  return events.map(({ type, data, metadata, id = crypto.randomUUID() }) => {
    const unhashed = { schemaVersion: 1, previousHash, ...metadata }
    const text = JSON.stringify(data)
    const hash = hashOf(previousHash, { id, type, data: text, metadata: JSON.stringify(unhashed) })
    previousHash = hash
    return { id, type, data: text, metadata: JSON.stringify({ ...unhashed, hash }) }
  })
}
