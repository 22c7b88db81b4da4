import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { type Failure, failure } from '../../domain/failure.ts'
import type { Sha256 } from '../../domain/hash-parts.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import { quoted } from '../../domain/text.ts'
import { Refusal } from '../exact-json/refusal.ts'
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
const yieldEveryMs = 5

const unreadable = (cause: unknown): Refusal => {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new Refusal(failure('ImportRefused', `failed to read idempotency keys: ${quoted(why)}`, { cause }))
}

async function* readable(chunks: Chunks): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks
  } catch (cause) {
    throw unreadable(cause)
  }
}

const records = async (sha256: Sha256, chunks: Chunks, { onProgress }: ReadOptions): Promise<Records> => {
  const file = intake(sha256)
  let bytes = 0
  let since = performance.now()
  const isOver = (): boolean => performance.now() - since >= yieldEveryMs
  const giveWay = async (): Promise<void> => {
    await nextTurn()
    since = performance.now()
  }
  for await (const chunk of readable(chunks)) {
    for (const _ of file.take(chunk)) if (isOver()) await giveWay()
    if (isOver()) await giveWay()
    bytes += chunk.length
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
    records(sha256, chunks, options).then(E.right, (cause: unknown) => {
      if (cause instanceof Refusal) return E.left(cause.failure)
      throw cause
    })
