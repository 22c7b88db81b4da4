import type { Json } from '../../domain/json.ts'

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff

/** The order of UTF-8 bytes, which is that of code points: a surrogate stands for one above all that one unit holds. */
const byUtf8 = ([a]: readonly [string, Json], [b]: readonly [string, Json]): number => {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)]
    if (left === right) continue
    const astral = Number(isSurrogate(left)) - Number(isSurrogate(right))
    return astral === 0 ? left - right : astral
  }
  return a.length - b.length
}

/**
 * A number as it can be read back, there and here. A whole number that no safe integer is must be a double, so it has
 * an exponent or a fraction: as an integer literal the predecessor would take it for another type, or refuse it.
 */
const numeral = (value: number): string => {
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return String(value === 0 ? 0 : value)
  return Math.abs(value) < 1e16 ? `${value}.0` : value.toExponential()
}

/** Scalars beside each other make one piece: each goes up through all the levels around it. */
const pieceLength = 16 * 1024

const isScalar = (value: Json): value is null | boolean | number | string => typeof value !== 'object' || value === null

const scalar = (value: null | boolean | number | string): string =>
  typeof value === 'number' ? numeral(value) : JSON.stringify(value)

const itemsOf = (value: Exclude<Json, null | boolean | number | string>, inDetails: boolean) => {
  if (Array.isArray(value)) return value.map((item: Json) => ['', item, inDetails] as const)
  const members = Object.entries(value)
  if (inDetails) members.sort(byUtf8)
  return members.map(([name, item]) => [`${JSON.stringify(name)}: `, item, inDetails || name === 'details'] as const)
}

/**
 * JSON in two-space lines, as the predecessor writes it: within `details`, an object's keys stand in byte order. Piece
 * by piece, since the spaces before a deep value are a hundred times its own text.
 */
export function* pretty(value: Json, indent = '', inDetails = false): Generator<string, void> {
  if (isScalar(value)) {
    yield scalar(value)
    return
  }
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  const inner = `${indent}  `
  let before = open
  let text = ''
  for (const [name, item, within] of itemsOf(value, inDetails)) {
    text += `${before}\n${inner}${name}`
    before = ','
    if (isScalar(item)) text += scalar(item)
    if (isScalar(item) && text.length < pieceLength) continue
    yield text
    text = ''
    if (!isScalar(item)) yield* pretty(item, inner, within)
  }
  yield before === open ? `${open}${close}` : `${text}\n${indent}${close}`
}
