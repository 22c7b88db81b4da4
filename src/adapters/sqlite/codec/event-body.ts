import { isAscii, isUtf8 } from 'node:buffer'
import type { ProposedEvent } from '../../../application/ports/event-store.ts'
import { layoutOf, typeNumber } from './layouts.ts'
import { addMetadata, afterName, moreMembers, putMetadata } from './metadata.ts'
import { letGo, type Packing, packing, putPiece, putText, putUuid, setSource, uuidLength } from './packing.ts'
import { addUuid, roomFor, takeText, textBy, type Unpacking } from './unpacking.ts'

// A body is: a byte that tells what is packed and how, two that tell where its texts begin, the packed parts, all texts.

/** What stays text as a whole. */
const [textId, textMetadata, textData] = [1, 2, 4]

const known = textId | textMetadata | textData | moreMembers | afterName

const head = 3

/** It is used again and again: nothing else is packed in between. */
const shared = packing()

/** An event as the file holds it: its type as a number, and all else of it but its place. */
export type Packed = { readonly type: number; readonly body: Buffer }

/** Packs a text, and tells the bits for it; where it has no short form it stays text, as if nothing had been tried. */
const put = (to: Packing, text: string, asText: number, pack: () => number | undefined): number => {
  const { end, textsEnd } = to
  setSource(to, text)
  const bits = pack()
  if (bits !== undefined) return bits
  to.end = end
  to.textsEnd = textsEnd
  putPiece(to, 0, to.sourceEnd)
  return asText
}

const bodyOf = ({ bytes, end, texts, textsEnd }: Packing, bits: number): Buffer => {
  bytes[0] = bits
  bytes[1] = end & 0xff
  bytes[2] = end >>> 8
  const body = Buffer.allocUnsafe(end + textsEnd)
  bytes.copy(body, 0, 0, end)
  texts.copy(body, end, 0, textsEnd)
  return body
}

/**
 * Packs an event. What keyfold did not write, or wrote otherwise, stays text. Nothing is compared afterwards: a part takes
 * only the characters that it gives back.
 */
export const packed = ({ id, type, data, metadata }: ProposedEvent, stream: string, isFirst: boolean): Packed => {
  const to = shared
  to.stream = stream
  to.end = head
  to.textsEnd = 0
  to.time = 0
  const number = typeNumber(type)
  const layout = layoutOf(number)
  let bits = put(to, id, textId, () => (to.sourceEnd === uuidLength && putUuid(to, 0) ? 0 : undefined))
  if (layout === undefined) putText(to, type)
  bits |= put(to, metadata, textMetadata, () => putMetadata(to, isFirst))
  bits |= put(to, data, textData, () => (layout?.data.pack(to) && to.at === to.sourceEnd ? 0 : undefined))
  const body = bodyOf(to, bits)
  letGo(to)
  return { type: number, body }
}

const unpacking = (body: Buffer, stream: string): Unpacking | undefined => {
  const end = (body[1] ?? 0) | ((body[2] ?? 0) << 8)
  if (end < head || end > body.length) return undefined
  const texts = body.subarray(end)
  const ascii = isAscii(texts)
  if (!(ascii || isUtf8(texts))) return undefined
  return {
    bytes: body,
    end,
    at: head,
    textAt: end,
    isAscii: ascii,
    out: roomFor(texts.length),
    outEnd: 0,
    time: 0,
    stream,
    isWrong: false
  }
}

const idEnd = head + 16

/** Whether two bodies are of events with other ids, where that is seen without unpacking them. */
export const haveOtherIds = (one: Buffer, other: Buffer): boolean =>
  (((one[0] ?? 0) | (other[0] ?? 0)) & textId) === 0 &&
  Math.min(one.length, other.length) >= idEnd &&
  one.compare(other, head, idEnd, head, idEnd) !== 0

/** An event of a stream out of its body; nothing where the bytes are no event's. */
export const unpacked = (number: number, body: Buffer, stream: string): ProposedEvent | undefined => {
  const layout = layoutOf(number)
  const bits = body[0] ?? 0
  const from = unpacking(body, stream)
  const isAny = number === 0 && (bits & textData) !== 0
  if (from === undefined || (bits & ~known) !== 0 || !(layout || isAny)) return undefined
  const id = (bits & textId) === 0 ? textBy(from, addUuid) : takeText(from)
  const type = layout?.type ?? takeText(from)
  const metadata = (bits & textMetadata) === 0 ? textBy(from, (to) => addMetadata(to, bits)) : takeText(from)
  const data = layout !== undefined && (bits & textData) === 0 ? textBy(from, layout.data.unpack) : takeText(from)
  const isWhole = !from.isWrong && from.at === from.end && from.textAt === body.length
  return isWhole ? { id, type, data, metadata } : undefined
}
