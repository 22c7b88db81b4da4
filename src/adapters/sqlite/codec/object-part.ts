import { goesOn } from './packing.ts'
import type { Part } from './part.ts'
import { addByte, addBytes, takeByte } from './unpacking.ts'

const [open, comma, close] = [123, 44, 125]

/** The members that an object may have, in the order in which they are written; at most 16. */
export type Members = { readonly [name: string]: Part }

/** A JSON object without spaces: a byte for eight members tells which of them are there, and their parts follow. */
export const object = (members: Members): Part => {
  const parts = Object.entries(members).map(([name, part], index) => ({
    label: Buffer.from(`"${name}":`),
    part,
    bit: 1 << index
  }))
  const isLong = parts.length > 8
  return {
    pack: (to) => {
      const { source, end } = to
      if (source[to.at] !== open) return false
      to.at++
      to.end += isLong ? 2 : 1
      let there = 0
      for (const { label, part, bit } of parts) {
        const start = there === 0 ? to.at : to.at + 1
        if ((there > 0 && source[to.at] !== comma) || !goesOn(source, start, label)) continue
        to.at = start + label.length
        if (!part.pack(to)) return false
        there |= bit
      }
      if (source[to.at] !== close) return false
      to.at++
      to.bytes[end] = there & 0xff
      if (isLong) to.bytes[end + 1] = there >>> 8
      return true
    },
    unpack: (from) => {
      const there = takeByte(from) | (isLong ? takeByte(from) << 8 : 0)
      if (there >>> parts.length !== 0) from.isWrong = true
      addByte(from, open)
      let isFirst = true
      for (const { label, part, bit } of parts) {
        if ((there & bit) === 0) continue
        if (!isFirst) addByte(from, comma)
        isFirst = false
        addBytes(from, label)
        part.unpack(from)
      }
      addByte(from, close)
    }
  }
}
