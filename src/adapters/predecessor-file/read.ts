import { isUint8Array } from 'node:util/types'
import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { type Failure, failure, invalidInput } from '../../domain/failure.ts'
import type { Sha256 } from '../../domain/hash-parts.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import { quoted } from '../../domain/text.ts'
import { Refusal } from '../exact-json/refusal.ts'
import { nextTurn } from '../node/timer.ts'
import { intake } from './intake.ts'

type Records = ReadonlyArray<IdempotencyRecord>

/** The bytes of a file, in pieces of any size. */
export type FileChunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

export type FileReadOptions = {
  /** Told after each chunk how many bytes of the file have been read. */
  readonly onProgress?: ((bytes: number) => void) | undefined
}

/** How long reading keeps the event loop to itself, in milliseconds. */
const yieldEveryMs = 5

const unreadable = (cause: unknown): Refusal => {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new Refusal(failure('ImportRefused', `failed to read idempotency keys: ${quoted(why)}`, { cause }))
}

const noBytes = invalidInput('a file is read from pieces of bytes (Uint8Array), one after another', '$.chunks')

async function* readable(chunks: FileChunks): AsyncGenerator<unknown> {
  try {
    yield* chunks
  } catch (cause) {
    throw unreadable(cause)
  }
}

/** Whoever asked for the file may be told of its bytes, and may not end the reader by an error of their own. */
const teller = (options: FileReadOptions): ((bytes: number) => void) => {
  if (typeof options !== 'object' || options === null) {
    throw new Refusal(invalidInput('$.options must be an object', '$.options'))
  }
  const { onProgress } = options
  if (onProgress === undefined) return () => {}
  if (typeof onProgress !== 'function') {
    throw new Refusal(invalidInput('$.onProgress must be a function', '$.onProgress'))
  }
  return (bytes) => {
    try {
      onProgress(bytes)
    } catch (cause) {
      throw new Refusal(failure('Aborted', 'a listener of the reading threw', { cause }))
    }
  }
}

const records = async (sha256: Sha256, chunks: FileChunks, options: FileReadOptions): Promise<Records> => {
  const tell = teller(options)
  const file = intake(sha256)
  let bytes = 0
  let since = performance.now()
  const isOver = (): boolean => performance.now() - since >= yieldEveryMs
  const giveWay = async (): Promise<void> => {
    await nextTurn()
    since = performance.now()
  }
  for await (const chunk of readable(chunks)) {
    if (!isUint8Array(chunk)) throw new Refusal(noBytes)
    for (const _ of file.take(chunk)) if (isOver()) await giveWay()
    if (isOver()) await giveWay()
    bytes += chunk.length
    tell(bytes)
  }
  return file.end()
}

/**
 * Reads the predecessor's file, all or nothing (SPEC sections 12 and 14.7): its records, each new to a ledger (epoch 1,
 * no duplicates, no lease), or why the file is refused: `ImportRefused` with the JSON path and, where known, the
 * record's id, or `UnsupportedVersion`; `InvalidInput` where it is given no pieces of bytes, `Aborted` where a listener threw. It holds one record's text at a time, and lets others have their turn.
 */
export const readPredecessorFile =
  (sha256: Sha256) =>
  (chunks: FileChunks, options: FileReadOptions = {}): TaskEither<Failure, Records> =>
  () =>
    records(sha256, chunks, options).then(E.right, (cause: unknown) => {
      if (cause instanceof Refusal) return E.left(cause.failure)
      throw cause
    })
