import type { StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb.js'
import type { Status } from '@eventstore/db-client/generated/status_pb.js'
import type { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js'
import type { Expected } from './check-commit.ts'
import { anyPb, emptyPb, grpc, sharedPb, statusPb, streamsPb } from './generated.ts'
import { identifierOf, unsigned } from './messages.ts'
import { type Problem, whyItEndsServer } from './rpc-error.ts'

const { status } = grpc

/** How one append of a batch stream ends; `sentBack` fills an answer in. */
export type BatchEnd = (answer: BatchAppendResp) => void

type Packable = { serializeBinary(): Uint8Array }

const empty = (): InstanceType<typeof emptyPb.Empty> => new emptyPb.Empty()

/** The client reads the class of the error from the type of the details. */
const statusOf = (code: number, message: string, details: Packable, type: string): Status => {
  const any = new anyPb.Any()
  any.pack(details.serializeBinary(), type)
  return new statusPb.Status().setCode(code).setMessage(message).setDetails(any)
}

const known = (name: string): string => `event_store.client.${name}`

/** What the client has no class for comes with details that say nothing. */
const bare = (code: number, message: string): Status => statusOf(code, message, empty(), 'google.protobuf.Empty')

const timeout = (): Status => statusOf(status.DEADLINE_EXCEEDED, 'Timeout', new sharedPb.Timeout(), known('Timeout'))
const unknown = (): Status => statusOf(status.UNKNOWN, 'Unknown', new sharedPb.Unknown(), known('Unknown'))

const badRequest = (): Status =>
  statusOf(status.INVALID_ARGUMENT, 'BadRequest', new sharedPb.BadRequest(), known('BadRequest'))

const streamDeleted = (stream: string): Status => {
  const details = new sharedPb.StreamDeleted().setStreamIdentifier(identifierOf(stream))
  return statusOf(status.NOT_FOUND, 'StreamDeleted', details, known('StreamDeleted'))
}

const maxAppendSize = (limit: number): Status => {
  const details = new sharedPb.MaximumAppendSizeExceeded().setMaxappendsize(limit)
  return statusOf(status.INVALID_ARGUMENT, 'MaximumAppendSizeExceeded', details, known('MaximumAppendSizeExceeded'))
}

/** The status of one append; undefined where the error ends the whole batch stream instead. */
const statusFor = (error: Problem, stream: string, limit: number): Status | undefined => {
  switch (error) {
    case 'timeout':
    case 'deadline':
      return timeout()
    case 'streamDeleted':
      return streamDeleted(stream)
    case 'maxAppendSize':
      return maxAppendSize(limit)
    case 'accessDenied':
      return statusOf(status.PERMISSION_DENIED, 'AccessDenied', new sharedPb.AccessDenied(), known('AccessDenied'))
    case 'invalidTransaction':
    case 'unknown':
      return unknown()
    case 'missingMetadata':
    case 'invalidArgument':
      return badRequest()
    case 'maxEventSize':
      return statusOf(
        status.INVALID_ARGUMENT,
        'MaximumAppendEventSizeExceeded',
        empty(),
        known('MaximumAppendEventSizeExceeded')
      )
    case 'endsServer':
      return bare(status.FAILED_PRECONDITION, whyItEndsServer(stream))
    case 'notReady':
      return bare(status.UNAVAILABLE, 'Server Is Not Ready')
    case 'tooBusy':
      return bare(status.UNAVAILABLE, 'Server Is Busy')
    case 'noLeader':
      return bare(status.UNKNOWN, 'No leader info available in response')
    default:
      return undefined
  }
}

export const failed = (error: Problem, stream: string, limit: number): BatchEnd | undefined => {
  const found = statusFor(error, stream, limit)
  return found && ((answer) => answer.setError(found))
}

export const succeeded =
  (revision: bigint, position: bigint | undefined): BatchEnd =>
  (answer) => {
    const success = new streamsPb.BatchAppendResp.Success()
    if (revision < 0n) success.setNoStream(empty())
    else success.setCurrentRevision(String(revision))
    if (position === undefined) success.setNoPosition(empty())
    else {
      const at = new sharedPb.AllStreamPosition()
      success.setPosition(at.setCommitPosition(String(position)).setPreparePosition(String(position)))
    }
    answer.setSuccess(success)
  }

export const conflicted =
  (expected: Expected, current: bigint): BatchEnd =>
  (answer) => {
    const details = new sharedPb.WrongExpectedVersion()
    if (current < 0n) details.setCurrentNoStream(empty())
    else details.setCurrentStreamRevision(String(current))
    if (expected === 'any') details.setExpectedAny(empty())
    else if (expected === 'noStream' || expected === -1n) details.setExpectedNoStream(empty())
    else if (expected === 'streamExists') details.setExpectedStreamExists(empty())
    else details.setExpectedStreamPosition(unsigned(expected))
    answer.setError(statusOf(status.ALREADY_EXISTS, 'WrongExpectedVersion', details, known('WrongExpectedVersion')))
  }

export const batchAnswer = (
  correlation: UUID | undefined,
  stream: StreamIdentifier | undefined,
  end: BatchEnd
): BatchAppendResp => {
  const answer = new streamsPb.BatchAppendResp()
  answer.setCorrelationId(correlation).setStreamIdentifier(stream)
  end(answer)
  return answer
}
