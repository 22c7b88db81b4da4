import { utf8 } from './text.ts'

// FIPS 180-4, sections 4.1.2, 5.3.3 and 6.2.2. The fold is pure and is handed nothing to hash with; it needs a hash for
// the rare event only (ADR 7). Whatever hashes with every command is handed the platform's own, which is faster by far.

const rotated = (word: number, by: number): number => (word >>> by) | (word << (32 - by))

const primes: ReadonlyArray<number> = ((): Array<number> => {
  const found: Array<number> = []
  for (let n = 2; found.length < 64; n++) if (found.every((prime) => n % prime !== 0)) found.push(n)
  return found
})()

/** The first 32 bits of the fractional part. */
const fraction = (root: number): number => ((root - Math.floor(root)) * 2 ** 32) | 0

const start = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)))
const constants = primes.map((prime) => fraction(Math.cbrt(prime)))

/** The message, a 1 bit, as many 0 bits as fill its last block but for 64 bits, and its length in bits. */
const padded = (bytes: Uint8Array): DataView => {
  const room = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64)
  room.set(bytes)
  room[bytes.length] = 0x80
  const view = new DataView(room.buffer)
  view.setBigUint64(room.length - 8, BigInt(bytes.length) * 8n)
  return view
}

const at = (words: ArrayLike<number>, index: number): number => words[index] ?? 0

/** SHA-256 of a text's UTF-8 bytes, in lower-case hex. */
export const sha256OfText = (text: string): string => {
  const message = padded(utf8(text))
  const sum = Int32Array.from(start)
  const w = new Int32Array(64)
  for (let block = 0; block < message.byteLength; block += 64) {
    for (let i = 0; i < 16; i++) w[i] = message.getInt32(block + 4 * i)
    for (let i = 16; i < 64; i++) {
      const [early, late] = [at(w, i - 15), at(w, i - 2)]
      const s0 = rotated(early, 7) ^ rotated(early, 18) ^ (early >>> 3)
      const s1 = rotated(late, 17) ^ rotated(late, 19) ^ (late >>> 10)
      w[i] = at(w, i - 16) + s0 + at(w, i - 7) + s1
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = sum
    for (let i = 0; i < 64; i++) {
      const s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
      const first = (h + s1 + ((e & f) ^ (~e & g)) + at(constants, i) + at(w, i)) | 0
      const s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
      const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
      ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0]
    }
    for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) sum[i] = at(sum, i) + word
  }
  return Array.from(sum, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
}
