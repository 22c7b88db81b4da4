/** A line of input: its bytes without the line feed, until the next line is asked for; or that it is too long. */
export type Line = Uint8Array | 'too long'

const lineFeed = 0x0a

/** Room that is kept from one line to the next. */
const leastRoom = 64 * 1024

/**
 * Splits a stream of bytes into lines. A line over the limit is skipped to its end without being kept. What follows the
 * last line feed is a line where it is not empty.
 */
export async function* lines(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Line, void> {
  let room = new Uint8Array(leastRoom)
  let size = 0
  /** Copies: a chunk of one byte may come with a buffer of its own, and a line in many of them. */
  const keep = (part: Uint8Array): void => {
    const start = size
    size += part.length
    if (size > maxBytes) room = new Uint8Array(leastRoom)
    else {
      if (size > room.length) {
        const more = new Uint8Array(Math.min(2 * size, maxBytes))
        more.set(room.subarray(0, start))
        room = more
      }
      room.set(part, start)
    }
  }
  const ended = (): Line => {
    const line = size > maxBytes ? 'too long' : room.subarray(0, size)
    if (room.length > leastRoom) room = new Uint8Array(leastRoom)
    size = 0
    return line
  }
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      const part = chunk.subarray(start, end)
      if (size === 0 && part.length <= maxBytes) yield part
      else {
        keep(part)
        yield ended()
      }
      start = end + 1
    }
    keep(chunk.subarray(start))
  }
  if (size > 0) yield ended()
}
