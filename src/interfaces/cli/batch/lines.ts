/** A line of input: its bytes without the line feed, or that it is longer than allowed. */
export type Line = Uint8Array | 'too long'

const lineFeed = 0x0a

/**
 * Splits a stream of bytes into lines. A line over the limit is skipped to its end without being kept. What follows the
 * last line feed is a line where it is not empty.
 */
export async function* lines(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Line, void> {
  let parts: Array<Uint8Array> = []
  let size = 0
  const keep = (part: Uint8Array): void => {
    size += part.length
    if (size > maxBytes) parts = []
    else if (part.length > 0) parts.push(part)
  }
  const ended = (): Line => {
    const line = size > maxBytes ? 'too long' : Buffer.concat(parts, size)
    parts = []
    size = 0
    return line
  }
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      keep(chunk.subarray(start, end))
      yield ended()
      start = end + 1
    }
    keep(chunk.subarray(start))
  }
  if (size > 0) yield ended()
}
