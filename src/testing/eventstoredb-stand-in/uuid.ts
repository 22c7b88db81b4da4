import type { UUID } from '@eventstore/db-client/generated/shared_pb.js'
import { sharedPb } from './generated.ts'

const plain = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const bare = /^[0-9a-f]{32}$/i
const part = (digits: number): string => `0x([0-9a-f]{1,${digits}})`
const listed = new RegExp(`^\\{${part(8)},${part(4)},${part(4)},\\{${Array(8).fill(part(2)).join(',')}\\}\\}$`, 'i')

const hyphenated = (digits: string): string =>
  digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5').toLowerCase()

const fromList = (text: string): string | undefined => {
  const parts = listed.exec(text.replace(/\s+/g, ''))?.slice(1)
  return parts && hyphenated(parts.map((digits, n) => digits.padStart([8, 4, 4][n] ?? 2, '0')).join(''))
}

/** The forms in which .NET reads an id; each is the same value. */
const fromText = (text: string): string | undefined => {
  const trimmed = text.trim()
  const inner = /^(?:\{(.*-.*)\}|\((.*)\))$/s.exec(trimmed)
  const candidate = inner?.[1] ?? inner?.[2] ?? trimmed
  if (plain.test(candidate)) return candidate.toLowerCase()
  return bare.test(trimmed) ? hyphenated(trimmed) : fromList(trimmed)
}

const hex = (bits: string): string => BigInt.asUintN(64, BigInt(bits)).toString(16).padStart(16, '0')

/** An id as lower-case text; undefined for what is none to the server either. */
export const textOf = (uuid: UUID | undefined): string | undefined => {
  if (uuid?.hasString()) return fromText(uuid.getString())
  const structured = uuid?.getStructured()
  return (
    structured && hyphenated(`${hex(structured.getMostSignificantBits())}${hex(structured.getLeastSignificantBits())}`)
  )
}

export const nil = '00000000-0000-0000-0000-000000000000'

export const uuidOf = (text: string): UUID => {
  const uuid = new sharedPb.UUID()
  uuid.setString(text)
  return uuid
}

/** In two halves of 64 bits, as the server writes an id unless asked for a text. */
export const structuredUuidOf = (text: string): UUID => {
  const digits = text.replaceAll('-', '')
  const half = (from: number): string => String(BigInt.asIntN(64, BigInt(`0x${digits.slice(from, from + 16)}`)))
  const structured = new sharedPb.UUID.Structured()
  structured.setMostSignificantBits(half(0))
  structured.setLeastSignificantBits(half(16))
  const uuid = new sharedPb.UUID()
  uuid.setStructured(structured)
  return uuid
}
