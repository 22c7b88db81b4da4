/** The bytes of a stream that its reader has not done with. */
export type BytesAtHand = {
  /** They lie in `bytes` from `from` to `end`; the reader stands at `at`. */
  bytes: Uint8Array
  from: number
  at: number
  end: number
  /** How many bytes came before the first of `bytes`. */
  before: number
  /** Whether the stream is over. */
  over: boolean
  /** Room of our own: a chunk belongs to whoever sent it. */
  room: Uint8Array
}

export const nothingAtHand = (): BytesAtHand => {
  const none = new Uint8Array(0)
  return { bytes: none, from: 0, at: 0, end: 0, before: 0, over: false, room: none }
}

const moveTo = (hand: BytesAtHand, bytes: Uint8Array, end: number): void => {
  hand.bytes = bytes
  hand.before += hand.from
  hand.at -= hand.from
  hand.from = 0
  hand.end = end
}

/** Takes what is not done with into room of our own: whoever sent the chunk may use its memory again for the next one. */
export const keepOwn = (hand: BytesAtHand): void => {
  const { bytes, from, end, room } = hand
  if (bytes === room || from === end) return
  const kept = bytes.subarray(from, end)
  hand.room = room.length >= kept.length ? room : new Uint8Array(2 * kept.length)
  hand.room.set(kept)
  moveTo(hand, hand.room, kept.length)
}

/** Adds a chunk and drops what is done with. Room doubles, so that a long value is not copied once for each chunk. */
export const addChunk = (hand: BytesAtHand, chunk: Uint8Array): void => {
  const { bytes, from, end, room } = hand
  if (from === end) {
    moveTo(hand, chunk, chunk.length)
    return
  }
  const kept = bytes.subarray(from, end)
  const needed = kept.length + chunk.length
  if (bytes === room && room.length - end >= chunk.length) {
    room.set(chunk, end)
    hand.end += chunk.length
    return
  }
  const roomy = room.length >= needed ? room : new Uint8Array(2 * needed)
  roomy.set(kept)
  roomy.set(chunk, kept.length)
  hand.room = roomy
  moveTo(hand, roomy, needed)
}
