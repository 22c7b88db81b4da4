import * as E from 'fp-ts/Either'
import { isBytes } from '../../domain/bytes.ts'
import { failure } from '../../domain/failure.ts'
import { hashByteParts, type Sha256 } from '../../domain/hash-parts.ts'
import { mismatch, type Parsed } from '../../domain/parsing/parsed.ts'
import { isFunction } from '../../domain/parsing/values.ts'
import { utf8 } from '../../domain/text.ts'

/** A fingerprint that was made, bytes to make it of, or parts of which each is told apart from the next. */
type FingerprintSource = string | Uint8Array | ReadonlyArray<string | Uint8Array>

/** What tells a request from another under the same key. A function is called once, before anything is asked. */
export type FingerprintInput = FingerprintSource | (() => FingerprintSource)

const path = '$.requestFingerprint'

const wanted = 'must be a fingerprint, bytes, or a list of texts and bytes'

const bytesOf = (part: unknown): Uint8Array | undefined => {
  if (isBytes(part)) return part
  return typeof part === 'string' && part.isWellFormed() ? utf8(part) : undefined
}

const made = (sha256: Sha256, source: unknown): Parsed<string> => {
  if (typeof source === 'string') return E.right(source)
  const parts: Array<Uint8Array> = []
  for (const part of Array.isArray(source) ? source : [source]) {
    const bytes = typeof source === 'object' ? bytesOf(part) : undefined
    if (bytes === undefined) return mismatch(path, wanted, part)
    parts.push(bytes)
  }
  return E.right(`sha256:${hashByteParts(sha256, parts)}`)
}

/** Fixes the fingerprint. A function that throws is a mistake of whoever wrote it, and nothing is done. */
export const fixFingerprint = (sha256: Sha256, given: FingerprintInput): Parsed<string> => {
  if (!isFunction(given)) return made(sha256, given)
  try {
    return made(sha256, given())
  } catch (cause) {
    return E.left(failure('InvalidInput', `${path} threw`, { path, cause }))
  }
}
