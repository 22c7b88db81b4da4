import { hashParts } from '../../../domain/hash-parts.ts'
import { sha256 } from '../../node/sha256.ts'
import { count } from './number-parts.ts'
import { goesOn, type Packing, putPiece } from './packing.ts'
import { digest } from './part.ts'
import { addByte, addBytes, addLetters, addPiece, takeNumber, type Unpacking } from './unpacking.ts'

/** Bits that tell how metadata is packed: with other members amid it, which stay text; with the hash of the stream's name. */
export const [moreMembers, afterName] = [8, 16]

/** The ends of the metadata that keyfold writes. */
const version = Buffer.from('{"schemaVersion":')
const previous = Buffer.from(',"previousHash":')
const last = Buffer.from(',"hash":')
const digestLength = 66
const lastLength = last.length + digestLength + 1
const close = 125

/** What the first event's hash follows on, as JSON: it need not be kept. */
const hashOfName = (stream: string): string => `"${hashParts(sha256, [stream])}"`

/** Packs metadata from both its ends. Tells the bits for it, or nothing where it is another's. */
export const putMetadata = (to: Packing, isFirst: boolean): number | undefined => {
  const { source, sourceEnd, stream } = to
  to.at = version.length
  const end = sourceEnd - lastLength
  if (!(goesOn(source, 0, version) && count.pack(to) && goesOn(source, to.at, previous))) return undefined
  to.at += previous.length
  let bits = 0
  if (isFirst && source.toString('latin1', to.at, to.at + digestLength) === hashOfName(stream)) {
    bits = afterName
    to.at += digestLength
  } else if (!digest.pack(to)) return undefined
  if (to.at > end || !goesOn(source, end, last)) return undefined
  const more = to.at
  to.at = end + last.length
  if (!digest.pack(to) || source[to.at] !== close) return undefined
  if (more === end) return bits
  putPiece(to, more, end)
  return bits | moreMembers
}

export const addMetadata = (from: Unpacking, bits: number): void => {
  addBytes(from, version)
  count.unpack(from)
  addBytes(from, previous)
  if ((bits & afterName) === 0) digest.unpack(from)
  else addLetters(from, hashOfName(from.stream))
  // the hash stands before what is between, and its length after both
  const hash = from.at
  from.at += 32
  if ((bits & moreMembers) !== 0) addPiece(from, takeNumber(from))
  const end = from.at
  from.at = hash
  addBytes(from, last)
  digest.unpack(from)
  from.at = end
  addByte(from, close)
}
