import { randomUUID } from 'node:crypto'

/** An event as a client submits it. */
export type ProposedEvent = {
  /** A UUID. */
  readonly id: string
  /** The type of the event. */
  readonly type: string
  /** `application/json`, or `application/octet-stream`. */
  readonly contentType: string
  /** The bytes of the event. */
  readonly data: Uint8Array
  /** The bytes that stand beside it. */
  readonly metadata: Uint8Array
}

/** An event in the log. `position` is both its commit and its prepare position; `created` is in ms. */
export type LoggedEvent = ProposedEvent & {
  /** The stream that it stands in. */
  readonly stream: string
  /** Its place in the stream, from 0. */
  readonly revision: bigint
  /** Its commit and its prepare position. */
  readonly position: bigint
  /** When it was written, epoch ms. */
  readonly created: number
}

/** The number of a tombstone, and the `$tb` of a soft-deleted stream: the largest of signed 64 bits. */
export const tombstone = 2n ** 63n - 1n

export const jsonContent = 'application/json'
/** What is not JSON by exactly that name is this. */
export const otherContent = 'application/octet-stream'

const nothing = new Uint8Array()

/** An event that the server itself writes. */
export const systemEvent = (type: string, json: string): ProposedEvent => ({
  id: randomUUID(),
  type,
  contentType: jsonContent,
  data: Buffer.from(json),
  metadata: nothing
})

export const tombstoneEvent = (): ProposedEvent => ({
  id: randomUUID(),
  type: '$streamDeleted',
  contentType: otherContent,
  data: nothing,
  metadata: nothing
})
