import type { AppendReq } from '@eventstore/db-client/generated/streams_pb.js'
import type { Expected } from './check-commit.ts'
import type { ProposedEvent } from './events.ts'
import { countedSize, expectedIn, isExpectation, nameOf, proposalIn } from './messages.ts'
import type { Problem } from './rpc-error.ts'

/** What came of a unary append so far: a message with options, then one for each event. */
export type AppendRequest = {
  stream: string
  /** Undefined until the options have come. */
  expected: Expected | undefined
  size: number
  readonly events: ProposedEvent[]
}

export type Limits = { readonly maxAppendSize: number; readonly countsAll: boolean }

export const newAppend = (): AppendRequest => ({ stream: '', expected: undefined, size: 0, events: [] })

const takeOptions = (request: AppendRequest, message: AppendReq): Problem | undefined => {
  const options = message.getOptions()
  if (options === undefined) return 'unknown'
  const expected = expectedIn(options, { has: () => options.hasRevision(), get: () => options.getRevision() })
  if (!isExpectation(expected)) return expected === 'missing' ? 'invalidArgument' : 'unknown'
  request.stream = nameOf(options.getStreamIdentifier())
  request.expected = expected
  return undefined
}

const takeEvent = (request: AppendRequest, message: AppendReq, limits: Limits): Problem | undefined => {
  const proposed = message.getProposedMessage()
  if (proposed === undefined) return 'unknown'
  const proposal = proposalIn(proposed)
  if (proposal === undefined) return 'missingMetadata'
  request.size += countedSize(proposal.event, limits.countsAll)
  if (request.size > limits.maxAppendSize) return 'maxAppendSize'
  request.events.push(proposal.event)
  return proposal.isEvent ? undefined : 'unknown'
}

/** Takes the next message in; why the server ends the call at it, without waiting for others. */
export const takeMessage = (request: AppendRequest, message: AppendReq, limits: Limits): Problem | undefined =>
  request.expected === undefined ? takeOptions(request, message) : takeEvent(request, message, limits)
