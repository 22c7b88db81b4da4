import { randomUUID } from 'node:crypto'
import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js'
import type { LoggedEvent } from './events.ts'
import { streamsPb } from './generated.ts'
import { identifierOf, uuidOf } from './messages.ts'

const { ReadResp: Answer } = streamsPb

/** Times on the wire are 100 ns ticks since 1970. */
const ticks = (ms: number): string => String(BigInt(Math.trunc(ms)) * 10_000n)

export const eventAnswer = (event: LoggedEvent): ReadResp => {
  const position = String(event.position)
  const recorded = new Answer.ReadEvent.RecordedEvent()
    .setId(uuidOf(event.id))
    .setStreamIdentifier(identifierOf(event.stream))
    .setStreamRevision(String(event.revision))
    .setPreparePosition(position)
    .setCommitPosition(position)
    .setCustomMetadata(event.metadata)
    .setData(event.data)
  recorded
    .getMetadataMap()
    .set('type', event.type)
    .set('content-type', event.contentType)
    .set('created', ticks(event.created))
  return new Answer().setEvent(new Answer.ReadEvent().setEvent(recorded).setCommitPosition(position))
}

/** A missing stream is a message; the read itself succeeds. */
export const notFoundAnswer = (stream: string): ReadResp =>
  new Answer().setStreamNotFound(new Answer.StreamNotFound().setStreamIdentifier(identifierOf(stream)))

export const confirmationAnswer = (): ReadResp =>
  new Answer().setConfirmation(new Answer.SubscriptionConfirmation().setSubscriptionId(randomUUID()))

export const checkpointAnswer = (commit: bigint, prepare: bigint = commit): ReadResp =>
  new Answer().setCheckpoint(
    new Answer.Checkpoint().setCommitPosition(String(commit)).setPreparePosition(String(prepare))
  )

export const caughtUpAnswer = (): ReadResp => new Answer().setCaughtUp(new Answer.CaughtUp())
