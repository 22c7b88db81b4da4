import * as crypto from 'node:crypto'
import type { Sha256 } from '../../domain/hash-parts.ts'

/** SHA-256 by Node's own OpenSSL; the one-shot form is twice as fast where this Node has it (20.12 and later). */
export const sha256: Sha256 = (bytes) => crypto.hash('sha256', bytes, 'hex')
