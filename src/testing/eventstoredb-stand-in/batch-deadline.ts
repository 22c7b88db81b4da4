import type { BatchAppendReq } from '@eventstore/db-client/generated/streams_pb.js'
import { streamsPb } from './generated.ts'

/** A part of a batch append, and what the client's messages do not know of it: a deadline that is a duration, in ms. */
export type BatchPart = { readonly message: BatchAppendReq; readonly durationMs: number | undefined }

type Field = { readonly number: number; readonly value: bigint; readonly bytes: Uint8Array }

const optionsField = 2
const durationField = 7

/** The fields of a message in their order. Ends where the bytes are none. */
function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0
  const varint = (): bigint => {
    let [value, shift] = [0n, 0n]
    for (;;) {
      const byte = bytes[at++] ?? 0
      value |= BigInt(byte & 0x7f) << shift
      shift += 7n
      if (byte < 0x80) return value
    }
  }
  while (at < bytes.length) {
    const tag = Number(varint())
    const kind = tag & 7
    const value = kind === 0 || kind === 2 ? varint() : 0n
    const length = kind === 2 ? Number(value) : kind === 1 ? 8 : kind === 5 ? 4 : 0
    yield { number: tag >>> 3, value, bytes: bytes.subarray(at, at + length) }
    at += length
  }
}

const lastOf = (bytes: Uint8Array, number: number): Field | undefined =>
  [...fieldsOf(bytes)].findLast((field) => field.number === number)

const signed = (field: Field | undefined): number => Number(BigInt.asIntN(64, field?.value ?? 0n))

const durationIn = (bytes: Uint8Array): number | undefined => {
  const options = lastOf(bytes, optionsField)
  const duration = options && lastOf(options.bytes, durationField)
  return duration && signed(lastOf(duration.bytes, 1)) * 1000 + signed(lastOf(duration.bytes, 2)) / 1e6
}

export const batchPart = (bytes: Uint8Array): BatchPart => {
  const message = streamsPb.BatchAppendReq.deserializeBinary(bytes)
  return { message, durationMs: message.hasOptions() ? durationIn(bytes) : undefined }
}
