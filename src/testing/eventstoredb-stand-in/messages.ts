import type { StreamIdentifier } from '@eventstore/db-client/generated/shared_pb.js'
import type { AppendReq, BatchAppendReq } from '@eventstore/db-client/generated/streams_pb.js'
import type { Expected } from './check-commit.ts'
import { jsonContent, otherContent, type ProposedEvent } from './events.ts'
import { sharedPb } from './generated.ts'
import { nil, textOf } from './uuid.ts'

export const identifierOf = (stream: string): StreamIdentifier => {
  const identifier = new sharedPb.StreamIdentifier()
  identifier.setStreamName(Buffer.from(stream))
  return identifier
}

/** The empty text where no stream is named: the server refuses both in the same way. */
export const nameOf = (identifier: StreamIdentifier | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString()

const largest = 2n ** 64n - 1n

/** A number of 64 bits as the server reads it: -1 for the largest, none from 2^63 up to there. */
export const signed = (unsigned: string): bigint | undefined => {
  const value = BigInt(unsigned)
  if (value < 2n ** 63n) return value
  return value === largest ? -1n : undefined
}

/** The other way round. */
export const unsigned = (value: bigint): string => String(BigInt.asUintN(64, value))

type ExpectedOptions = { hasNoStream(): boolean; hasAny(): boolean; hasStreamExists(): boolean }

/** Why a request has no expectation: it names none, or a number that is none. */
export type NoExpectation = 'missing' | 'beyond'

/** The expectation of a request; `exact` is how its kind of request gives a revision. */
export const expectedIn = (
  options: ExpectedOptions,
  exact: { readonly has: () => boolean; readonly get: () => string }
): Expected | NoExpectation => {
  if (options.hasNoStream()) return 'noStream'
  if (options.hasAny()) return 'any'
  if (options.hasStreamExists()) return 'streamExists'
  return exact.has() ? (signed(exact.get()) ?? 'beyond') : 'missing'
}

export const isExpectation = (expected: Expected | NoExpectation): expected is Expected =>
  expected !== 'missing' && expected !== 'beyond'

type Message = AppendReq.ProposedMessage | BatchAppendReq.ProposedMessage

/** What a message proposes. Without an id or a type it is no event. */
export type Proposal = { readonly event: ProposedEvent; readonly isEvent: boolean }

/**
 * Undefined where the type or content type is missing. Data is copied: the bytes of a message are a window on all that
 * came with it.
 */
export const proposalIn = (message: Message): Proposal | undefined => {
  const headers = message.getMetadataMap()
  const [type, contentType] = [headers.get('type'), headers.get('content-type')]
  if (type === undefined || contentType === undefined) return undefined
  const id = textOf(message.getId())
  return {
    isEvent: id !== undefined && id !== nil && type !== '',
    event: {
      id: id ?? nil,
      type,
      contentType: contentType === jsonContent ? jsonContent : otherContent,
      data: Buffer.from(message.getData_asU8()),
      metadata: Buffer.from(message.getCustomMetadata_asU8())
    }
  }
}

/** What an event counts towards the append limit. */
export const countedSize = ({ data, metadata, type }: ProposedEvent, countsAll: boolean): number =>
  countsAll ? data.length + metadata.length + 2 * type.length : data.length
