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

/** Versions from 24.10 on count all of this towards the append limit; older ones only the data. */
export const sizeOf = ({ data, metadata, type }: ProposedEvent): number =>
  data.length + metadata.length + 2 * type.length

/** An event that the server itself writes. */
export const systemEvent = (type: string, json = ''): ProposedEvent => ({
  id: randomUUID(),
  type,
  contentType: 'application/json',
  data: Buffer.from(json),
  metadata: new Uint8Array()
})
