import * as E from 'fp-ts/Either'
import { isBytes } from './bytes.ts'
import { pathTo } from './json-path.ts'
import { matching, type Parsed, type Parser, refused } from './parsing/parsed.ts'

const typedArray: object = Object.getPrototypeOf(Uint8Array.prototype)

/** What an array is in truth, whatever its class says of it. */
const its = (name: 'buffer' | 'byteOffset' | 'length', bytes: Uint8Array): unknown =>
  Object.getOwnPropertyDescriptor(typedArray, name)?.get?.call(bytes)

/** Bytes that are hashed. Those whose memory was handed over to another thread are gone, and there is nothing to hash. */
export const hashedBytes = (path: string, bytes: Uint8Array): Parsed<Uint8Array> => {
  try {
    return E.right(
      new Uint8Array(
        its('buffer', bytes) as ArrayBuffer,
        Number(its('byteOffset', bytes)),
        Number(its('length', bytes))
      )
    )
  } catch {
    return refused(`${path} is detached: its bytes were transferred`, path)
  }
}

const isPart = (part: unknown): part is string | Uint8Array =>
  (typeof part === 'string' && part.isWellFormed()) || isBytes(part)

const fingerprintPart = matching(isPart, 'must be a string without lone surrogates, or a Uint8Array')

const list = matching(
  (parts): parts is ReadonlyArray<unknown> => Array.isArray(parts),
  'must be a list of strings and bytes'
)

/** The parts that a fingerprint is made of, each judged at its place. A hole is no part. */
export const fingerprintParts: Parser<ReadonlyArray<string | Uint8Array>> = (path, value) => {
  const given = list(path, value)
  if (E.isLeft(given)) return given
  const parts: Array<string | Uint8Array> = []
  for (const [index, part] of given.right.entries()) {
    const at = pathTo(path, index)
    const taken = fingerprintPart(at, part)
    if (E.isLeft(taken)) return taken
    const hashed = typeof taken.right === 'string' ? taken : hashedBytes(at, taken.right)
    if (E.isLeft(hashed)) return hashed
    parts.push(hashed.right)
  }
  return E.right(parts)
}
