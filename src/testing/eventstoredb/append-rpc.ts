import type { AppendReq, AppendResp } from '@eventstore/db-client/generated/streams_pb.js'
import type { handleClientStreamingCall, ServiceError } from '@grpc/grpc-js'
import { success, wrongVersion } from './append-answer.ts'
import type { Expected } from './check-commit.ts'
import { type ProposedEvent, sizeOf } from './events.ts'
import { faultAt, type ServerError } from './faults.ts'
import { expectedIn, type Malformed, nameOf, proposedIn } from './messages.ts'
import { type Node, receive, refusal, strike, toServiceError } from './node.ts'
import { append } from './writes.ts'

type Request = {
  stream: string
  expected: Expected
  size: number
  problem: Malformed | undefined
  readonly events: ProposedEvent[]
}

const take = (request: Request, message: AppendReq): void => {
  const options = message.getOptions()
  if (options !== undefined) {
    request.stream = nameOf(options.getStreamIdentifier())
    request.expected = expectedIn(options, () => options.getRevision())
  }
  const proposed = message.getProposedMessage()
  if (proposed === undefined) return
  const event = proposedIn(proposed)
  if (typeof event === 'string') {
    request.problem = event
    return
  }
  request.size += sizeOf(event)
  request.events.push(event)
}

const problemOf = ({ problem, size }: Request, maxAppendSize: number): ServerError | undefined => {
  if (size > maxAppendSize) return 'maxAppendSize'
  if (problem === undefined) return undefined
  return problem === 'id' ? 'unknown' : 'missingMetadata'
}

/** The unary append, which is a stream of one event per message on the wire, and one answer. */
export const appendRpc =
  (node: Node): handleClientStreamingCall<AppendReq, AppendResp> =>
  (wire, callback) => {
    const request: Request = { stream: '', expected: 'any', size: 0, problem: undefined, events: [] }
    const { log, maxAppendSize } = node.cluster

    const respond = (): ServiceError | AppendResp => {
      const { stream, expected, events } = request
      const result = append(log, stream, expected, events)
      if (result._tag === 'Written') return success(result.revision, result.position)
      if (result._tag === 'WrongVersion') return wrongVersion(expected, result.current)
      return toServiceError(node, 'streamDeleted', stream)
    }

    const finish = async (): Promise<void> => {
      const { stream, expected, events } = request
      const fail = (error: ServerError): void => callback(toServiceError(node, error, stream))
      const { call, plan } = receive(node, wire, {
        rpc: 'append',
        stream,
        expected,
        eventTypes: events.map(({ type }) => type)
      })
      const [before, after] = [faultAt(plan, 'before'), faultAt(plan, 'after')]
      if (before !== undefined && !(await strike(node, wire, before, fail))) return
      // a server does not write for a client that gave up before the write was its turn
      if (wire.cancelled) return
      const refused = refusal(node, wire, call, 'write') ?? problemOf(request, maxAppendSize)
      if (refused !== undefined) return fail(refused)
      const answer = respond()
      if (after !== undefined && !(await strike(node, wire, after, fail))) return
      if (answer instanceof Error) callback(answer)
      else callback(null, answer)
    }

    wire.on('data', (message: AppendReq) => take(request, message))
    // the end of a connection that was cut looks like that of the request, and is known for what it is a turn later
    wire.on('end', () =>
      setImmediate(() => {
        if (!wire.cancelled) void finish()
      })
    )
    wire.on('error', () => {})
  }
