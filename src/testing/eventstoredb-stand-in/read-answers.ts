import { randomUUID } from 'node:crypto'
import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js'
import type { LoggedEvent } from './events.ts'
import { streamsPb } from './generated.ts'
import type { Resolved } from './links.ts'
import { identifierOf, unsigned } from './messages.ts'
import type { Position } from './read-request.ts'
import { structuredUuidOf, uuidOf } from './uuid.ts'

const { ReadResp: Answer } = streamsPb

/** How ids are written. */
export type Ids = 'text' | 'halves'

/** Times on the wire are 100 ns ticks since 1970. */
const ticks = (ms: number): string => String(BigInt(Math.trunc(ms)) * 10_000n)

const recorded = (event: LoggedEvent, ids: Ids): ReadResp.ReadEvent.RecordedEvent => {
  const position = String(event.position)
  const record = new Answer.ReadEvent.RecordedEvent()
    .setId(ids === 'text' ? uuidOf(event.id) : structuredUuidOf(event.id))
    .setStreamIdentifier(identifierOf(event.stream))
    .setStreamRevision(String(event.revision))
    .setPreparePosition(position)
    .setCommitPosition(position)
    .setCustomMetadata(event.metadata)
    .setData(event.data)
  record
    .getMetadataMap()
    .set('type', event.type)
    .set('content-type', event.contentType)
    .set('created', ticks(event.created))
  return record
}

export const eventAnswer = ({ event, link }: Resolved, ids: Ids): ReadResp => {
  const answer = new Answer.ReadEvent()
  if (event !== undefined) answer.setEvent(recorded(event, ids))
  if (link !== undefined) answer.setLink(recorded(link, ids))
  const original = link ?? event
  if (original !== undefined) answer.setCommitPosition(String(original.position))
  return new Answer().setEvent(answer)
}

/** A missing stream is a message; the read itself succeeds. */
export const notFoundAnswer = (stream: string): ReadResp =>
  new Answer().setStreamNotFound(new Answer.StreamNotFound().setStreamIdentifier(identifierOf(stream)))

export const firstPositionAnswer = (revision: bigint): ReadResp => new Answer().setFirstStreamPosition(String(revision))

export const lastPositionAnswer = (revision: bigint): ReadResp => new Answer().setLastStreamPosition(String(revision))

export const confirmationAnswer = (): ReadResp =>
  new Answer().setConfirmation(new Answer.SubscriptionConfirmation().setSubscriptionId(randomUUID()))

export const checkpointAnswer = ({ commit, prepare }: Position): ReadResp =>
  new Answer().setCheckpoint(
    new Answer.Checkpoint().setCommitPosition(unsigned(commit)).setPreparePosition(unsigned(prepare))
  )

export const caughtUpAnswer = (): ReadResp => new Answer().setCaughtUp(new Answer.CaughtUp())
