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

/** JSON in two-space lines, as the predecessor writes it: within `details`, an object's keys stand in byte order. */
export const pretty = (value: Json, indent = '', inDetails = false): string => {
  if (typeof value === 'number') return numeral(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = `${indent}  `
  const lined = (texts: ReadonlyArray<string>): string =>
    texts.length === 0 ? '' : `\n${inner}${texts.join(`,\n${inner}`)}\n${indent}`
  if (Array.isArray(value)) return `[${lined(value.map((item: Json) => pretty(item, inner, inDetails)))}]`
  const members = Object.entries(value)
  if (inDetails) members.sort(byUtf8)
  return `{${lined(
    members.map(([name, item]) => `${JSON.stringify(name)}: ${pretty(item, inner, inDetails || name === 'details')}`)
  )}}`
}
