const quote = 0x22
const backslash = 0x5c

/**
 * Whether JSON text nests more than so many levels deep, read once from its beginning. `JSON.parse` takes any depth, but
 * what walks its value does not: a text that is deeper is refused before it is parsed.
 */
export const nestsDeeper = (text: string, most: number): boolean => {
  // each level takes a bracket at either end
  if (text.length < 2 * most) return false
  let depth = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (inString) {
      if (unit === backslash) at++
      else if (unit === quote) inString = false
      continue
    }
    if (unit === quote) inString = true
    // [ and {, which differ from ] and } in one bit each
    else if ((unit & 0xdf) === 0x5b && ++depth > most) return true
    else if ((unit & 0xdf) === 0x5d) depth--
  }
  return false
}
