import { randomUUID } from 'node:crypto'

/** An event as a client submits it. */
export type ProposedEvent = {
  readonly id: string
  readonly type: string
  readonly contentType: string
  readonly data: Uint8Array
  readonly metadata: Uint8Array
}

/** An event in the log. `position` is both its commit and its prepare position; `created` is in ms. */
export type LoggedEvent = ProposedEvent & {
  readonly stream: string
  readonly revision: bigint
  readonly position: bigint
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
