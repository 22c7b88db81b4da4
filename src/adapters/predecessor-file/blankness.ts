import { trimWhiteSpace } from '../../domain/text.ts'

/** Of a large chunk this much is looked at first: as a rule it is enough to tell. */
const step = 64 * 1024

/** Whether a file has nothing in it, by its bytes so far. */
export type Blankness = {
  /** Whether the file may still turn out to be blank with this chunk added. */
  readonly add: (chunk: Uint8Array) => boolean
  /** Whether it is blank, all chunks told. */
  readonly isBlank: () => boolean
}

/**
 * A blank file is white space around nothing or around `{}`, and the white space is Unicode's, most of which is not
 * JSON: the predecessor trimmed the text before it parsed it.
 */
export const blankness = (): Blankness => {
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let content = ''
  /** What is no UTF-8 is not blank either; where that matters the reader says so, whatever the chunks are. */
  const addBytes = (bytes: Uint8Array, stream: boolean): boolean => {
    let text: string
    try {
      text = utf8.decode(bytes, { stream })
    } catch {
      return false
    }
    // the full stop keeps the white space at the end, which would be within the braces
    const begun = trimWhiteSpace(`${content}${text}.`).slice(0, -1)
    const braces = begun.startsWith('{}')
    content = braces ? `{}${trimWhiteSpace(begun.slice(2))}` : begun
    return content === '' || content === '{' || content === '{}'
  }
  return {
    add: (chunk) => {
      for (let at = 0; at < chunk.length; at += step) {
        if (!addBytes(chunk.subarray(at, at + step), true)) return false
      }
      return true
    },
    isBlank: () => addBytes(new Uint8Array(0), false) && content !== '{'
  }
}
