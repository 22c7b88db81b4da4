const quote = 0x22
const backslash = 0x5c

/** Where the string ends that begins at a place: at a quote with an even number of backslashes before it. */
const endOfString = (text: string, start: number): number => {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = end
    while (text.charCodeAt(escapes - 1) === backslash) escapes--
    if ((end - escapes) % 2 === 0) return end
  }
  return text.length
}

/**
 * Whether JSON text nests more than so many levels deep, read once from its beginning. `JSON.parse` takes any depth, but
 * what walks its value does not: a text that is deeper is refused before it is parsed.
 */
export const nestsDeeper = (text: string, maxDepth: number): boolean => {
  // each level takes a bracket at either end
  if (text.length < 2 * maxDepth) return false
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === quote) at = endOfString(text, at)
    // [ and {, which differ from ] and } in one bit each
    else if ((unit & 0xdf) === 0x5b && ++depth > maxDepth) return true
    else if ((unit & 0xdf) === 0x5d) depth--
  }
  return false
}
