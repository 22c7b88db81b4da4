import * as crypto from 'node:crypto'
import type { Sha256 } from '../../domain/hash-parts.ts'

/** HMAC-SHA-256 under a secret, of which it keeps a copy that nobody can print. */
export const hmacSha256 = (secret: string | Uint8Array): Sha256 => {
  const key = crypto.createSecretKey(typeof secret === 'string' ? Buffer.from(secret, 'utf8') : Buffer.from(secret))
  return (bytes) => crypto.createHmac('sha256', key).update(bytes).digest('hex')
}
