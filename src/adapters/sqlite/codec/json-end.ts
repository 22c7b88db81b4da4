const [quote, backslash, comma] = [34, 92, 44]

/** Where a string ends that begins with a quote: at its last quote, or -1. */
export const stringEnd = (source: Uint8Array, from: number, end: number): number => {
  for (let at = from + 1; at < end; at++) {
    const byte = source[at]
    if (byte === quote) return at
    // what it escapes is no end
    if (byte === backslash) at++
  }
  return -1
}

const isOpening = (byte: number | undefined): boolean => byte === 123 || byte === 91
const isClosing = (byte: number | undefined): boolean => byte === 125 || byte === 93

/** After the last character of a JSON value, or -1. What is no JSON has an end too, or none: it is only cut out. */
export const valueEnd = (source: Uint8Array, from: number, end: number): number => {
  let depth = 0
  for (let at = from; at < end; at++) {
    const byte = source[at]
    if (byte === quote) {
      at = stringEnd(source, at, end)
      if (at < 0) return -1
    } else if (isOpening(byte)) depth++
    else if (isClosing(byte)) {
      if (depth === 0) return at
      depth--
    } else if (byte === comma && depth === 0) return at
  }
  return -1
}
