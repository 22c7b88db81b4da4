import { lengthPrefixed, lengthPrefixedBytes } from './text.ts'

/**
 * SHA-256 of bytes, or of the UTF-8 bytes of a text, as lower-case hex. The domain is handed it; it does no hashing of its
 * own. The bytes are the caller's again once it returns.
 */
export type Sha256 = (bytes: Uint8Array | string) => string

/**
 * Memory that every call writes over: what it wrote is hashed before it returns, so that nobody sees it. A new array for
 * each hash would be more garbage than the rest of a command makes.
 */
const scratch = new Uint8Array(16 * 1024)

/** The hash over parts of which each is told apart from the next by its length. */
export const hashParts = (sha256: Sha256, parts: ReadonlyArray<string>): string =>
  sha256(lengthPrefixed(parts, scratch))

/** The same over parts that are bytes: those of a text give what the text gives. */
export const hashByteParts = (sha256: Sha256, parts: ReadonlyArray<Uint8Array>): string =>
  sha256(lengthPrefixedBytes(parts))
