import { hashParts } from '../../../domain/hash-parts.ts'
import { sha256 } from '../../node/sha256.ts'
import { count } from './number-parts.ts'
import { type Packing, putText } from './packing.ts'
import { digest } from './part.ts'
import { takeHex, takeText, type Unpacking } from './unpacking.ts'

/** Bits that tell how metadata is packed: with other members amid it, which stay text; with the hash of the stream's name. */
export const [moreMembers, afterName] = [8, 16]

/** The ends of the metadata that keyfold writes. */
const version = '{"schemaVersion":'
const previous = ',"previousHash":'
const last = ',"hash":'
const digestLength = 66
const lastLength = last.length + digestLength + 1
const close = 125

/** What the first event's hash follows on: it need not be kept. */
const hashOfName = (stream: string): string => hashParts(sha256, [stream])

/** Packs metadata from both its ends. Tells the bits for it, or nothing where it is another's. */
export const putMetadata = (to: Packing, metadata: string, stream: string, isFirst: boolean): number | undefined => {
  to.source = metadata
  to.at = version.length
  const end = metadata.length - lastLength
  if (!(metadata.startsWith(version) && count.pack(to) && metadata.startsWith(previous, to.at))) return undefined
  to.at += previous.length
  let bits = 0
  if (isFirst && metadata.startsWith(`"${hashOfName(stream)}"`, to.at)) {
    bits = afterName
    to.at += digestLength
  } else if (!digest.pack(to)) return undefined
  if (to.at > end || !metadata.startsWith(last, end)) return undefined
  const more = metadata.slice(to.at, end)
  to.at = end + last.length
  if (!digest.pack(to) || metadata.charCodeAt(to.at) !== close) return undefined
  if (more === '') return bits
  putText(to, more)
  return bits | moreMembers
}

export const takeMetadata = (from: Unpacking, bits: number, stream: string): string => {
  const number = count.unpack(from)
  const before = (bits & afterName) === 0 ? takeHex(from, 32) : hashOfName(stream)
  const hash = takeHex(from, 32)
  const more = (bits & moreMembers) === 0 ? '' : takeText(from)
  return `${version}${number}${previous}"${before}"${more}${last}"${hash}"}`
}
