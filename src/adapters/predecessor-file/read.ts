import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { type Failure, failure } from '../../domain/failure.ts'
import type { Sha256 } from '../../domain/hash-parts.ts'
import type { Parsed } from '../../domain/parsing/parsed.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import { quoted } from '../../domain/text.ts'
import { nextTurn } from '../node/timer.ts'
import { intake } from './intake.ts'

type Records = ReadonlyArray<IdempotencyRecord>

/** The bytes of a file, in pieces of any size. */
export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

export type ReadOptions = {
  /** Told after each chunk how many bytes of the file have been read. */
  readonly onProgress?: (bytes: number) => void
}

/** How long reading keeps the event loop to itself, in milliseconds. */
const turn = 5

const unreadable = (cause: unknown): Failure => {
  const why = cause instanceof Error ? cause.message : String(cause)
  return failure('ImportRefused', `failed to read idempotency keys: ${quoted(why)}`, { cause })
}

/** The chunks, and in place of the next one why it cannot be read. */
async function* readable(chunks: Chunks): AsyncGenerator<Parsed<Uint8Array>> {
  try {
    for await (const chunk of chunks) yield E.right(chunk)
  } catch (cause) {
    yield E.left(unreadable(cause))
  }
}

const records = async (sha256: Sha256, chunks: Chunks, { onProgress }: ReadOptions): Promise<Parsed<Records>> => {
  const file = intake(sha256)
  let bytes = 0
  let since = performance.now()
  const isOver = (): boolean => performance.now() - since >= turn
  const giveWay = async (): Promise<void> => {
    await nextTurn()
    since = performance.now()
  }
  for await (const chunk of readable(chunks)) {
    if (E.isLeft(chunk)) return chunk
    for (const _ of file.take(chunk.right)) if (isOver()) await giveWay()
    const refused = file.refused()
    if (refused !== undefined) return E.left(refused)
    if (isOver()) await giveWay()
    bytes += chunk.right.length
    onProgress?.(bytes)
  }
  return file.end()
}

/**
 * Reads the predecessor's file, all or nothing (SPEC sections 12 and 14.7): its records, each new to a ledger (epoch 1,
 * no duplicates, no lease), or why the file is refused: `ImportRefused` with the JSON path and, where known, the
 * record's id, or `UnsupportedVersion`. It holds one record's text at a time, and lets others have their turn.
 */
export const readPredecessorFile =
  (sha256: Sha256) =>
  (chunks: Chunks, options: ReadOptions = {}): TaskEither<Failure, Records> =>
  () =>
    records(sha256, chunks, options)
