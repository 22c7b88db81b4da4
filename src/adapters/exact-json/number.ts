import { ownText } from '../../domain/own-text.ts'
import { type Cursor, refusal } from './cursor.ts'

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39

const shown = (literal: string): string => (literal.length > 40 ? `${ownText(literal.slice(0, 40))}…` : literal)

/** Steps over one digit or more. */
const digits = (cursor: Cursor): void => {
  const { text } = cursor
  if (!isDigit(text.charCodeAt(cursor.at))) throw refusal(cursor, 'not valid JSON')
  while (isDigit(text.charCodeAt(cursor.at))) cursor.at++
}

/**
 * Reads the number at which the cursor stands. An integer literal that a double cannot hold exactly is refused on its
 * text; a fraction or an exponent says that the writer meant a double. −0 is a double to the predecessor, and 0 here.
 */
export const readNumber = (cursor: Cursor): number => {
  const { text } = cursor
  const start = cursor.at
  const negative = text.charCodeAt(start) === 0x2d
  if (negative) cursor.at++
  if (text.charCodeAt(cursor.at) === 0x30) cursor.at++
  else digits(cursor)
  let integer = true
  if (text.charCodeAt(cursor.at) === 0x2e) {
    integer = false
    cursor.at++
    digits(cursor)
  }
  const exponent = text.charCodeAt(cursor.at)
  if (exponent === 0x65 || exponent === 0x45) {
    integer = false
    const sign = text.charCodeAt(++cursor.at)
    if (sign === 0x2b || sign === 0x2d) cursor.at++
    digits(cursor)
  }
  const literal = text.slice(start, cursor.at)
  const value = Number(literal)
  if (integer && !Number.isSafeInteger(value)) {
    throw refusal(cursor, `the integer ${shown(literal)} is beyond 2^53 - 1 and would change`)
  }
  if (!Number.isFinite(value)) throw refusal(cursor, `number out of range: ${shown(literal)}`)
  cursor.wholeFloat = integer ? negative && value === 0 : Number.isInteger(value)
  return value === 0 ? 0 : value
}
