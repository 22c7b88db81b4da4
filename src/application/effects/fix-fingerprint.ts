import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { isBytes } from '../../domain/bytes.ts'
import { failure } from '../../domain/failure.ts'
import { fingerprintParts, hashedBytes } from '../../domain/fingerprint-parts.ts'
import type { Sha256 } from '../../domain/hash-parts.ts'
import { fingerprintOf } from '../../domain/identity.ts'
import { mismatch, type Parsed } from '../../domain/parsing/parsed.ts'
import { isFunction } from '../../domain/parsing/values.ts'

/** A fingerprint that was made, bytes to make it of, or parts of which each is told apart from the next. */
type FingerprintSource = string | Uint8Array | ReadonlyArray<string | Uint8Array>

/** What tells a request from another under the same key. A function is called once, before anything is asked. */
export type FingerprintInput = FingerprintSource | (() => FingerprintSource)

const partsOf = (source: unknown, path: string): Parsed<ReadonlyArray<string | Uint8Array>> => {
  if (Array.isArray(source)) return fingerprintParts(path, source)
  if (!isBytes(source)) return mismatch(path, 'must be a fingerprint, bytes, or a list of texts and bytes', source)
  return pipe(
    hashedBytes(path, source),
    E.map((bytes) => [bytes])
  )
}

const made = (sha256: Sha256, source: unknown, path: string): Parsed<string> =>
  typeof source === 'string' ? E.right(source) : pipe(partsOf(source, path), E.map(fingerprintOf(sha256)))

/** Fixes the fingerprint. A function that throws is a mistake of whoever wrote it, and nothing is done. */
export const fixFingerprint = (sha256: Sha256, given: FingerprintInput, path: string): Parsed<string> => {
  if (!isFunction(given)) return made(sha256, given, path)
  try {
    return made(sha256, given(), path)
  } catch (cause) {
    return E.left(failure('InvalidInput', `${path} threw`, { path, cause }))
  }
}
