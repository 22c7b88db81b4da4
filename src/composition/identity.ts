import { hmacSha256 } from '../adapters/node/hmac-sha256.ts'
import { sha256 } from '../adapters/node/sha256.ts'
import type { Identity } from '../application/settings.ts'
import { isBytes } from '../domain/bytes.ts'
import { matching, type Parser } from '../domain/parsing/parsed.ts'
import { utf8Bytes } from '../domain/text.ts'

/** What makes record ids that only its holders can make of a key. */
export type IdentityOptions = {
  /** A text, or bytes, at least 16 of them. Who knows it can tell which key a record id stands for by trying keys. */
  readonly secret: string | Uint8Array
}

const leastBytes = 16

/** Whether it can keep anything secret; a lone surrogate would encode to the same bytes as any other. */
const isIdentitySecret = (secret: unknown): secret is IdentityOptions['secret'] =>
  typeof secret === 'string'
    ? secret.isWellFormed() && utf8Bytes(secret) >= leastBytes
    : isBytes(secret) && secret.length >= leastBytes

export const identitySecret: Parser<IdentityOptions['secret']> = matching(
  isIdentitySecret,
  `must be a string or a Uint8Array of at least ${leastBytes} bytes`
)

const plain: Identity = { hash: sha256, isSecret: false }

export const identityOf = (options: IdentityOptions | undefined): Identity =>
  options === undefined ? plain : { hash: hmacSha256(options.secret), isSecret: true }
