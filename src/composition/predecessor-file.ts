import type { TaskEither } from 'fp-ts/TaskEither'
import { sha256 } from '../adapters/node/sha256.ts'
import {
  type FileChunks,
  type FileReadOptions,
  readPredecessorFile as readBy
} from '../adapters/predecessor-file/read.ts'
import type { Failure } from '../domain/failure.ts'
import type { IdempotencyRecord } from '../domain/record.ts'
import { orThrow } from './promises.ts'

/**
 * Reads the predecessor's file, all or nothing: its records, for `importRecords`. The bytes come in pieces, as a stream of
 * Node's has them. Throws `KeyfoldError`: `ImportRefused` with the JSON path where the file is refused,
 * `UnsupportedVersion` where it is newer, `InvalidInput` where there are no pieces of bytes, `Aborted` where `onProgress` threw.
 */
export const readPredecessorFile = (
  chunks: FileChunks,
  options?: FileReadOptions
): Promise<ReadonlyArray<IdempotencyRecord>> => orThrow(readPredecessorFileTaskEither(chunks, options))

/** The same, as a `TaskEither`. */
export const readPredecessorFileTaskEither: (
  chunks: FileChunks,
  options?: FileReadOptions
) => TaskEither<Failure, ReadonlyArray<IdempotencyRecord>> = readBy(sha256)
