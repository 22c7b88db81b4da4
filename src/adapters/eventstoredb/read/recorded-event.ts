import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js'
import type { RecordedEvent } from '../../../application/ports/event-store.ts'
import { numberOf } from '../calls/revision.ts'
import { nonsense } from '../client/server-error.ts'
import { type LogPosition, positionIn, toPosition } from './position.ts'

/** An event as it came, with its place in the log where that is one. */
export type Received = { readonly event: RecordedEvent; readonly position: LogPosition | undefined }

type Message = ReadResp.ReadEvent.RecordedEvent
type Uuid = NonNullable<ReturnType<Message['getId']>>

const nowhere: LogPosition = { commit: 0n, prepare: 0n }

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const ticksPerMs = 10_000n

/** The latest moment that a date can be, epoch ms. */
const latestMs = 8_640_000_000_000_000

const half = (bits: string): string => BigInt.asUintN(64, BigInt(bits)).toString(16).padStart(16, '0')

const textOfId = (id: Uuid): string => {
  const structured = id.getStructured()
  if (structured === undefined) return id.getString().toLowerCase()
  const hex = half(structured.getMostSignificantBits()) + half(structured.getLeastSignificantBits())
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')

/** The server's time of recording: ticks of 100 ns since 1970. */
const timeIn = (created: string | undefined): number | undefined => {
  const ticks = numberOf(created ?? '')
  const ms = ticks === undefined ? Number.NaN : Number(ticks / ticksPerMs)
  return ms <= latestMs ? ms : undefined
}

const fail = (what: string): never => {
  throw nonsense(what)
}

/** The name of the stream that an event lies in. */
export const streamOf = (message: Message): string => {
  const name = message.getStreamIdentifier()?.getStreamName_asU8() ?? fail('an event without a stream')
  return textOf(name) || fail('an event of a stream without a name')
}

export const positionOf = (message: Message): LogPosition | undefined =>
  positionIn(message.getCommitPosition(), message.getPreparePosition())

/**
 * An event as the port gives it, from the message that came: the texts are the bytes that were stored. Throws where it
 * lacks something, or holds what no event can.
 */
export const recordedIn = (message: Message): Received => {
  const fields = message.getMetadataMap()
  const id = textOfId(message.getId() ?? fail('an event without an id'))
  if (!uuid.test(id)) fail('an event whose id is none')
  const position = positionOf(message)
  return {
    position,
    event: {
      id,
      type: fields.get('type') ?? fail('an event without a type'),
      data: textOf(message.getData_asU8()),
      metadata: textOf(message.getCustomMetadata_asU8()),
      stream: streamOf(message),
      revision: numberOf(message.getStreamRevision()) ?? fail('an event whose revision is none'),
      // servers before 22.6 tell positions on $all only, and nobody resumes from a stream's event
      position: toPosition(position ?? nowhere),
      recordedAtMs: timeIn(fields.get('created')) ?? fail('an event without the time of its recording')
    }
  }
}
