import { type Cursor, refusal } from './cursor.ts'

const quote = 0x22
const backslash = 0x5c

const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t']
])

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

/** The rest of a string from its first backslash on. */
const escaped = (cursor: Cursor, start: number, firstEscape: number): string => {
  const { text } = cursor
  let value = text.slice(start, firstEscape)
  let at = firstEscape
  while (text.charCodeAt(at) === backslash) {
    const letter = text.charAt(at + 1)
    at += 2
    if (letter === 'u') {
      const hex = text.slice(at, at + 4)
      if (!/^[0-9a-fA-F]{4}$/.test(hex)) throw refusal(cursor, 'not valid JSON: \\u takes four hexadecimal digits')
      value += String.fromCharCode(Number.parseInt(hex, 16))
      at += 4
    } else {
      const character = escapes.get(letter)
      if (character === undefined) throw refusal(cursor, 'not valid JSON: an escape that JSON does not know')
      value += character
    }
    const end = plainEnd(cursor, at)
    value += text.slice(at, end)
    at = end
  }
  cursor.at = at + 1
  return wellFormed(cursor, value)
}

/** Reads the string at whose opening quote the cursor stands. */
export const readString = (cursor: Cursor): string => {
  const start = cursor.at + 1
  const end = plainEnd(cursor, start)
  if (cursor.text.charCodeAt(end) === backslash) return escaped(cursor, start, end)
  cursor.at = end + 1
  const value = cursor.text.slice(start, end)
  return cursor.illFormed ? wellFormed(cursor, value) : value
}
