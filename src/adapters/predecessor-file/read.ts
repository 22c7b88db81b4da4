import { setImmediate as others } from 'node:timers/promises'
import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { type Failure, failure } from '../../domain/failure.ts'
import type { Sha256 } from '../../domain/identity.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import { Refusal, refusing } from '../exact-json/refusal.ts'
import { intake } from './intake.ts'

type Records = ReadonlyArray<IdempotencyRecord>

export type ReadOptions = {
  /** Told after each chunk how many bytes of the file have been read. */
  readonly onProgress?: (bytes: number) => void
}

export type ReadPredecessorFile = {
  (bytes: Uint8Array): E.Either<Failure, Records>
  (chunks: AsyncIterable<Uint8Array>, options?: ReadOptions): TaskEither<Failure, Records>
}

/** How long reading keeps the event loop to itself, in milliseconds. */
const turn = 5

const wholeFile = (sha256: Sha256, bytes: Uint8Array): Records => {
  const file = intake(sha256)
  for (const _ of file.take(bytes));
  return file.end()
}

async function* readable(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks
  } catch (cause) {
    throw new Refusal(failure('ImportRefused', 'failed to read idempotency keys: the file cannot be read', { cause }))
  }
}

const stream = async (sha256: Sha256, chunks: AsyncIterable<Uint8Array>, options: ReadOptions): Promise<Records> => {
  const file = intake(sha256)
  let bytes = 0
  let since = performance.now()
  const isOver = (): boolean => performance.now() - since >= turn
  const giveWay = async (): Promise<void> => {
    await others()
    since = performance.now()
  }
  for await (const chunk of readable(chunks)) {
    for (const _ of file.take(chunk)) if (isOver()) await giveWay()
    if (isOver()) await giveWay()
    bytes += chunk.length
    options.onProgress?.(bytes)
  }
  return file.end()
}

/**
 * Reads the predecessor's file, all or nothing (SPEC sections 12 and 14.7): its records, each new to a ledger (epoch 1,
 * no duplicates, no lease), or why the file is refused: `ImportRefused` with the JSON path and, where known, the
 * record's id, or `UnsupportedVersion`. Of a stream it holds one record's text at a time and lets others have their
 * turn; given the bytes of the whole file it answers at once.
 */
export const readPredecessorFile = (sha256: Sha256): ReadPredecessorFile => {
  function read(bytes: Uint8Array): E.Either<Failure, Records>
  function read(chunks: AsyncIterable<Uint8Array>, options?: ReadOptions): TaskEither<Failure, Records>
  function read(file: Uint8Array | AsyncIterable<Uint8Array>, options: ReadOptions = {}) {
    if (file instanceof Uint8Array) return refusing(() => wholeFile(sha256, file))
    return () =>
      stream(sha256, file, options).then(E.right, (cause: unknown) => {
        if (cause instanceof Refusal) return E.left(cause.failure)
        throw cause
      })
  }
  return read
}
