import { isUint8Array } from 'node:util/types'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { TaskEither } from 'fp-ts/TaskEither'
import { heard } from '../../application/ports/listening.ts'
import { type Failure, failure, invalidInput } from '../../domain/failure.ts'
import type { Sha256 } from '../../domain/hash-parts.ts'
import { noOthers } from '../../domain/parsing/known-members.ts'
import { matching, optional, type Parsed, refused } from '../../domain/parsing/parsed.ts'
import { isFunction, isMembers } from '../../domain/parsing/values.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import { quoted } from '../../domain/text.ts'
import { nextTurn } from '../node/timer.ts'
import { intake } from './intake.ts'

type Records = ReadonlyArray<IdempotencyRecord>

/** The bytes of a file, in pieces of any size. */
export type FileChunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/** How a file is read. */
export type FileReadOptions = {
  /** Told after each chunk how many bytes of the file have been read. */
  readonly onProgress?: ((bytes: number) => void) | undefined
}

/** How long reading keeps the event loop to itself, in milliseconds. */
const yieldEveryMs = 5

const unreadable = (cause: unknown): Failure => {
  const why = cause instanceof Error ? cause.message : String(cause)
  return failure('ImportRefused', `failed to read idempotency keys: ${quoted(why)}`, { cause })
}

const noBytes = invalidInput('a file is read from pieces of bytes (Uint8Array), one after another', '$.chunks')

/** The chunks, and in place of the next one why it cannot be read. */
async function* readable(chunks: FileChunks): AsyncGenerator<Parsed<Uint8Array>> {
  try {
    for await (const chunk of chunks) yield isUint8Array(chunk) ? E.right(chunk) : E.left(noBytes)
  } catch (cause) {
    yield E.left(unreadable(cause))
  }
}

const known = noOthers<FileReadOptions>({ onProgress: true })

const listener = (options: unknown): Parsed<FileReadOptions['onProgress']> =>
  isMembers(options)
    ? pipe(
        known('$', options),
        E.chain(() => optional(matching(isListener, 'must be a function'))('$.onProgress', options['onProgress']))
      )
    : refused('$.options must be an object', '$.options')

const isListener = (value: unknown): value is NonNullable<FileReadOptions['onProgress']> => isFunction(value)

const records = async (sha256: Sha256, chunks: FileChunks, options: FileReadOptions): Promise<Parsed<Records>> => {
  const parsed = listener(options)
  if (E.isLeft(parsed)) return parsed
  const told = parsed.right && heard(parsed.right)
  const file = intake(sha256)
  let bytes = 0
  let since = performance.now()
  const isOver = (): boolean => performance.now() - since >= yieldEveryMs
  const giveWay = async (): Promise<void> => {
    await nextTurn()
    since = performance.now()
  }
  for await (const chunk of readable(chunks)) {
    if (E.isLeft(chunk)) return chunk
    for (const _ of file.take(chunk.right)) if (isOver()) await giveWay()
    const fault = file.refused()
    if (fault !== undefined) return E.left(fault)
    if (isOver()) await giveWay()
    bytes += chunk.right.length
    try {
      told?.(bytes)
    } catch (cause) {
      // whoever listens must not end the reader by an error of their own
      return E.left(failure('Aborted', 'a listener of the reading threw', { cause }))
    }
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
    records(sha256, chunks, options)
