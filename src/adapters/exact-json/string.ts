import { ownText } from '../../domain/own-text.ts'
import { type Cursor, refusal } from './cursor.ts'

const quote = 0x22
const backslash = 0x5c

const simpleEscapes: ReadonlySet<string> = new Set('"\\/bfnrt')

/** Where the run of plain characters from `at` on ends. Control characters must be escaped. */
const plainEnd = (cursor: Cursor, at: number): number => {
  const { text } = cursor
  for (let end = at; ; end++) {
    const code = text.charCodeAt(end)
    if (code === quote || code === backslash) return end
    if (!(code >= 0x20)) {
      throw refusal(
        cursor,
        end < text.length
          ? 'not valid JSON: a control character in a string must be escaped'
          : 'not valid JSON: a string does not end'
      )
    }
  }
}

const wellFormed = (cursor: Cursor, value: string): string => {
  if (value.isWellFormed()) return value
  throw refusal(cursor, 'a string with a lone surrogate is not JSON text')
}

/** Where what follows the escape at `at` begins. */
const escapeEnd = (cursor: Cursor, at: number): number => {
  const { text } = cursor
  const letter = text.charAt(at + 1)
  if (letter === 'u') {
    if (/^[0-9a-fA-F]{4}$/.test(text.slice(at + 2, at + 6))) return at + 6
    throw refusal(cursor, 'not valid JSON: \\u takes four hexadecimal digits')
  }
  if (simpleEscapes.has(letter)) return at + 2
  throw refusal(cursor, 'not valid JSON: an escape that JSON does not know')
}

/** A part of the text that keeps no more of it alive than there is of itself. */
const part = (text: string, start: number, end: number): string => {
  const cut = text.slice(start, end)
  // of a part that is most of the text a copy would be one more of the same size
  return 2 * cut.length < text.length ? ownText(cut) : cut
}

/** Reads the string at whose opening quote the cursor stands. */
export const readString = (cursor: Cursor): string => {
  const { text } = cursor
  const start = cursor.at + 1
  const firstEnd = plainEnd(cursor, start)
  let end = firstEnd
  while (text.charCodeAt(end) === backslash) end = plainEnd(cursor, escapeEnd(cursor, end))
  cursor.at = end + 1
  if (end === firstEnd) {
    const value = part(text, start, end)
    return cursor.illFormed ? wellFormed(cursor, value) : value
  }
  // put together piece by piece, a text that is all escapes would take twenty times its room
  const value: string = JSON.parse(text.slice(start - 1, end + 1))
  return wellFormed(cursor, value)
}
