/**
 * The bytes of a text, in Node's pool: memory of its own for every text costs the garbage collector more than the text.
 */
export const utf8 = (text: string): Uint8Array => {
  const { buffer, byteOffset, length } = Buffer.from(text, 'utf8')
  // a Buffer itself would be copied, since it is not quite a Uint8Array
  return new Uint8Array(buffer, byteOffset, length)
}
