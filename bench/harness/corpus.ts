import { createHash, randomUUID } from 'node:crypto'
import type { Row } from './raw-sqlite.ts'

/** Name of the n-th stream of a filled store; spread over the index as record ids are. */
const streamFor = (n: number): string => `idempotency-idem_${createHash('sha256').update(`filling ${n}`).digest('hex')}`

/** Rows like those of first reserves, from the row of a real one: what a store with many keys holds. */
export function* reservedRows(like: Row, from: number, to: number): Generator<Row> {
  const [, revision, , type, data, metadata, recordedAtMs] = like
  for (let n = from; n < to; n++) yield [streamFor(n), revision, randomUUID(), type, data, metadata, recordedAtMs]
}

export const inChunks = function* <A>(items: Iterable<A>, size: number): Generator<ReadonlyArray<A>> {
  let chunk: Array<A> = []
  for (const item of items) {
    chunk.push(item)
    if (chunk.length < size) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}
