/** What a text takes in a record: its bytes, and before them their number in groups of seven bits. */
const textSize = (text: string): number => {
  const bytes = Buffer.byteLength(text)
  return bytes + (bytes < 2 ** 7 ? 1 : bytes < 2 ** 14 ? 2 : bytes < 2 ** 21 ? 3 : 4)
}

type Sized = {
  readonly type: string
  readonly data: { readonly length: number }
  readonly metadata: { readonly length: number }
}

/** The bytes that an event takes in the server's log, by which positions grow. */
export const recordSize = (stream: string, { type, data, metadata }: Sized): bigint =>
  BigInt(88 + textSize(stream) + textSize(type) + data.length + metadata.length)
