import type { StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb.js'
import type { AppendReq, BatchAppendReq } from '@eventstore/db-client/generated/streams_pb.js'
import type { Expected } from './check-commit.ts'
import type { ProposedEvent } from './events.ts'
import { sharedPb } from './generated.ts'

export const uuidOf = (text: string): UUID => {
  const uuid = new sharedPb.UUID()
  uuid.setString(text)
  return uuid
}

const form = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i

/** A UUID as lower-case text; undefined for anything else, which the server fails to read as well. */
export const textOf = (uuid: UUID | undefined): string | undefined => {
  const text = uuid?.getString() ?? ''
  return form.test(text) ? text.toLowerCase() : undefined
}

export const identifierOf = (stream: string): StreamIdentifier => {
  const identifier = new sharedPb.StreamIdentifier()
  identifier.setStreamName(Buffer.from(stream))
  return identifier
}

export const nameOf = (identifier: StreamIdentifier | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString()

type ExpectedOptions = { hasNoStream(): boolean; hasAny(): boolean; hasStreamExists(): boolean }

/** The expectation of a request; `revision` is how its kind of request gives an exact one. */
export const expectedIn = (options: ExpectedOptions, revision: () => string): Expected => {
  if (options.hasNoStream()) return 'noStream'
  if (options.hasAny()) return 'any'
  return options.hasStreamExists() ? 'streamExists' : BigInt(revision())
}

type Message = AppendReq.ProposedMessage | BatchAppendReq.ProposedMessage

/** Why a message is no event: its id is no UUID, or what the server needs to know of it is missing. */
export type Malformed = 'id' | 'metadata'

/** Data is copied: the bytes of a message are a window on all that came with it. */
export const proposedIn = (message: Message): ProposedEvent | Malformed => {
  const id = textOf(message.getId())
  if (id === undefined) return 'id'
  const headers = message.getMetadataMap()
  const [type, contentType] = [headers.get('type'), headers.get('content-type')]
  if (type === undefined || contentType === undefined) return 'metadata'
  return {
    id,
    type,
    contentType,
    data: Buffer.from(message.getData_asU8()),
    metadata: Buffer.from(message.getCustomMetadata_asU8())
  }
}
