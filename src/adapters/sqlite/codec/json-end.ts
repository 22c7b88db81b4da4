const [quote, backslash, comma] = [34, 92, 44]

const isEscaped = (source: string, at: number): boolean => {
  let before = at
  while (source.charCodeAt(before - 1) === backslash) before--
  return (at - before) % 2 === 1
}

/** Where a string ends that begins with a quote: at its last quote, or -1. */
export const stringEnd = (source: string, from: number): number => {
  let at = source.indexOf('"', from + 1)
  while (at > 0 && isEscaped(source, at)) at = source.indexOf('"', at + 1)
  return at
}

const isOpening = (code: number): boolean => code === 123 || code === 91
const isClosing = (code: number): boolean => code === 125 || code === 93

/** After the last character of a JSON value, or -1. What is no JSON has an end too, or none: it is only cut out. */
export const valueEnd = (source: string, from: number): number => {
  let depth = 0
  for (let at = from; at < source.length; at++) {
    const code = source.charCodeAt(at)
    if (code === quote) {
      at = stringEnd(source, at)
      if (at < 0) return -1
    } else if (isOpening(code)) depth++
    else if (isClosing(code)) {
      if (depth === 0) return at
      depth--
    } else if (code === comma && depth === 0) return at
  }
  return -1
}
