import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type * as E from 'fp-ts/Either'
import { sha256 } from '../../src/adapters/node/sha256.ts'
import { readPredecessorFile } from '../../src/adapters/predecessor-file/read.ts'
import type { Failure } from '../../src/domain/failure.ts'
import type { IdempotencyRecord } from '../../src/domain/record.ts'
import { conformanceFolder } from './conformance.ts'

export type ReadResult = E.Either<Failure, ReadonlyArray<IdempotencyRecord>>

/** Reads a file from its bytes in these pieces. */
export const readChunks = (...chunks: ReadonlyArray<Uint8Array>): Promise<ReadResult> =>
  readPredecessorFile(sha256)(chunks)()

export const bytesOf = (file: string): Uint8Array => readFileSync(resolve(conformanceFolder, file))
