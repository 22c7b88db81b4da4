import { type Packing, putNumber } from './packing.ts'
import type { Part } from './part.ts'
import { addNumber, takeNumber } from './unpacking.ts'

const [zero, nine] = [48, 57]

/** A whole number as JSON writes it, or -1: no sign, no fraction, no exponent, no zero before it, and a safe one. */
const wholeNumber = (to: Packing): number => {
  const { source, at: start } = to
  let value = 0
  let at = start
  for (; at - start < 17; at++) {
    const byte = source[at] ?? 0
    if (!(byte >= zero && byte <= nine)) break
    value = value * 10 + (byte - zero)
  }
  const isOne = at > start && (source[start] !== zero || at === start + 1) && Number.isSafeInteger(value)
  if (!isOne) return -1
  to.at = at
  return value
}

export const count: Part = {
  pack: (to) => {
    const value = wholeNumber(to)
    if (value >= 0) putNumber(to, value)
    return value >= 0
  },
  unpack: (from) => addNumber(from, takeNumber(from))
}

/** Times of one event lie close together: the first as it is, the others by how much later or earlier they are. */
const farthest = 2 ** 51

export const firstTime: Part = {
  pack: (to) => {
    to.time = wholeNumber(to)
    if (to.time >= 0) putNumber(to, to.time)
    return to.time >= 0
  },
  unpack: (from) => {
    from.time = takeNumber(from)
    addNumber(from, from.time)
  }
}

export const time: Part = {
  pack: (to) => {
    const value = wholeNumber(to)
    const later = value - to.time
    if (value < 0 || Math.abs(later) > farthest) return false
    putNumber(to, later >= 0 ? 2 * later : -2 * later - 1)
    return true
  },
  unpack: (from) => {
    const put = takeNumber(from)
    addNumber(from, from.time + (put % 2 === 0 ? put / 2 : -(put + 1) / 2))
  }
}
