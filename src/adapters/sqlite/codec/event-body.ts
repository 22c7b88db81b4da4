import { isAscii, isUtf8 } from 'node:buffer'
import type { ProposedEvent } from '../../../application/ports/event-store.ts'
import { layoutOf, typeNumber } from './layouts.ts'
import { afterName, moreMembers, putMetadata, takeMetadata } from './metadata.ts'
import { copyPacked, type Packing, packing, putText, putUuid, uuidLength } from './packing.ts'
import { ownIdOf } from './stream-name.ts'
import { takeText, takeUuid, type Unpacking } from './unpacking.ts'

// A body is: a byte that tells what is packed and how, two that tell where its texts begin, the packed parts, all texts.

/** What stays text as a whole. */
const [textId, textMetadata, textData] = [1, 2, 4]

const known = textId | textMetadata | textData | moreMembers | afterName

const head = 3

/** It is used again and again: nothing else is packed in between. */
const shared = packing()

/** An event as the file holds it: its type as a number, and all else of it but its place. */
export type Packed = { readonly type: number; readonly body: Buffer }

const putData = (to: Packing, type: number, data: string): boolean => {
  to.source = data
  to.at = 0
  return layoutOf(type)?.data.pack(to) === true && to.at === data.length
}

const bodyOf = (packed: Packing, bits: number): Buffer => {
  const { bytes, end, texts } = packed
  bytes[0] = bits
  bytes[1] = end & 0xff
  bytes[2] = end >>> 8
  const body = Buffer.allocUnsafe(end + Buffer.byteLength(texts))
  copyPacked(packed, body, 0)
  body.write(texts, end)
  return body
}

/**
 * Packs an event. What keyfold did not write, or wrote otherwise, stays text. Nothing is compared afterwards: a part takes
 * only the characters that it gives back.
 */
export const packed = ({ id, type, data, metadata }: ProposedEvent, stream: string, isFirst: boolean): Packed => {
  const to = shared
  to.own = ownIdOf(stream)
  to.end = head
  to.texts = ''
  to.time = 0
  const number = typeNumber(type)
  let bits = 0
  if (id.length !== uuidLength || !putUuid(to, id, 0)) {
    bits |= textId
    putText(to, id)
  }
  if (number === 0) putText(to, type)
  let { end, texts } = to
  const how = putMetadata(to, metadata, stream, isFirst)
  if (how === undefined) {
    to.end = end
    to.texts = texts
    putText(to, metadata)
  }
  bits |= how ?? textMetadata
  ;({ end, texts } = to)
  if (!putData(to, number, data)) {
    to.end = end
    to.texts = texts
    putText(to, data)
    bits |= textData
  }
  const body = bodyOf(to, bits)
  // nothing large is held on to
  to.source = ''
  to.texts = ''
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
    hex: body.toString('hex', 0, end),
    at: head,
    text: texts.toString(ascii ? 'latin1' : 'utf8'),
    textAt: 0,
    time: 0,
    own: ownIdOf(stream),
    isWrong: false
  }
}

/** An event of a stream out of its body; nothing where the bytes are no event's. */
export const unpacked = (number: number, body: Buffer, stream: string): ProposedEvent | undefined => {
  const layout = layoutOf(number)
  const bits = body[0] ?? 0
  const from = unpacking(body, stream)
  const isAny = number === 0 && (bits & textData) !== 0
  if (from === undefined || (bits & ~known) !== 0 || !(layout || isAny)) return undefined
  const id = (bits & textId) === 0 ? takeUuid(from) : takeText(from)
  const type = layout?.type ?? takeText(from)
  const metadata = (bits & textMetadata) === 0 ? takeMetadata(from, bits, stream) : takeText(from)
  const data = layout !== undefined && (bits & textData) === 0 ? layout.data.unpack(from) : takeText(from)
  const isWhole = !from.isWrong && from.at === from.end && from.textAt === from.text.length
  return isWhole ? { id, type, data, metadata } : undefined
}
