import { Buffer } from 'node:buffer'
import { randomFillSync } from 'node:crypto'
import type { Random } from '../../application/ports/random.ts'

const bytesEach = 16

/** Random bytes for so many UUIDs are asked for at once: to ask for them takes longer than to make them. */
const pool = Buffer.alloc(bytesEach * 128)
let used = pool.length

/** The hex digits of a byte, by its value, and where those of each byte stand in a UUID. */
const digits = Buffer.from('0123456789abcdef', 'latin1')
const places = Uint8Array.of(0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34)

/** Written over by each UUID; the text that is cut from it is a copy. */
const form = Buffer.from('00000000-0000-0000-0000-000000000000', 'latin1')

/**
 * A random UUID (RFC 9562: version 4, variant 10). Node's own is put together of twenty pieces, which are most of what a
 * command would make for its identities: 640 bytes each in place of 56.
 */
const uuid = (): string => {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  pool[used + 6] = ((pool[used + 6] ?? 0) & 0x0f) | 0x40
  pool[used + 8] = ((pool[used + 8] ?? 0) & 0x3f) | 0x80
  for (let index = 0; index < bytesEach; index++) {
    const byte = pool[used + index] ?? 0
    const place = places[index] ?? 0
    form[place] = digits[byte >>> 4] ?? 0
    form[place + 1] = digits[byte & 0x0f] ?? 0
  }
  used += bytesEach
  return form.toString('latin1')
}

export const nodeRandom: Random = { uuid, fraction: () => Math.random() }
