import type { DeleteReq, DeleteResp, TombstoneReq, TombstoneResp } from '@eventstore/db-client/generated/streams_pb.js'
import type { handleUnaryCall, ServerUnaryCall, ServiceError } from '@grpc/grpc-js'
import type { Expected } from './check-commit.ts'
import { faultAt } from './faults.ts'
import { sharedPb, streamsPb } from './generated.ts'
import type { Log } from './log.ts'
import { expectedIn, isExpectation, nameOf } from './messages.ts'
import { denial, type Node, notServing, receive, strike, toServiceError } from './node.ts'
import { type Problem, wrongVersionOnDelete } from './rpc-error.ts'
import { hardDelete, softDelete, type WriteResult } from './writes.ts'
import { attempt } from './writing.ts'

type Kind<Answer> = {
  readonly rpc: 'delete' | 'tombstone'
  readonly write: (log: Log, stream: string, expected: Expected) => WriteResult
  readonly answer: (position: bigint | undefined) => Answer
}

type Request =
  | { readonly stream: string; readonly expected: Expected }
  | { readonly stream: string; readonly problem: Problem }

const requestIn = (message: DeleteReq | TombstoneReq): Request => {
  const options = message.getOptions()
  if (options === undefined) return { stream: '', problem: 'unknown' }
  const stream = nameOf(options.getStreamIdentifier())
  const expected = expectedIn(options, { has: () => options.hasRevision(), get: () => options.getRevision() })
  if (isExpectation(expected)) return { stream, expected }
  return { stream, problem: expected === 'missing' ? 'invalidArgument' : 'unknown' }
}

const handle =
  <Message extends DeleteReq | TombstoneReq, Answer>(node: Node, { rpc, write, answer }: Kind<Answer>) =>
  async (
    wire: ServerUnaryCall<Message, Answer>,
    callback: (error: ServiceError | null, answer?: Answer) => void
  ): Promise<void> => {
    const request = requestIn(wire.request)
    const { stream } = request
    const fail = (problem: Problem): void => callback(toServiceError(node, problem, stream))
    const { call, plan } = receive(node, wire, {
      rpc,
      stream,
      ...('expected' in request && { expected: request.expected })
    })
    const [before, after] = [faultAt(plan, 'before'), faultAt(plan, 'after')]
    if (before !== undefined && !(await strike(node, wire, before, fail))) return
    if (wire.cancelled) return
    if ('problem' in request) return fail(request.problem)
    const refused = denial(node, wire, { stream, right: '$d' }) ?? notServing(node, call, 'write')
    if (refused !== undefined) return fail(refused)
    const { expected } = request
    const outcome = await attempt(node, stream, () => write(node.cluster.log, stream, expected))
    if (after !== undefined && !(await strike(node, wire, after, fail))) return
    if (typeof outcome === 'string') fail(outcome)
    else if (outcome._tag === 'Written') callback(null, answer(outcome.position))
    else if (outcome._tag === 'Deleted') fail('streamDeleted')
    else callback(wrongVersionOnDelete(stream, expected, outcome.current))
  }

type Positioned = {
  setCommitPosition(value: string): unknown
  setPreparePosition(value: string): unknown
}

const at = <Position extends Positioned>(message: Position, position: bigint): Position => {
  message.setCommitPosition(String(position))
  message.setPreparePosition(String(position))
  return message
}

export const deleteRpc = (node: Node): handleUnaryCall<DeleteReq, DeleteResp> =>
  handle(node, {
    rpc: 'delete',
    write: softDelete,
    answer: (position) => {
      const answer = new streamsPb.DeleteResp()
      return position === undefined
        ? answer.setNoPosition(new sharedPb.Empty())
        : answer.setPosition(at(new streamsPb.DeleteResp.Position(), position))
    }
  })

export const tombstoneRpc = (node: Node): handleUnaryCall<TombstoneReq, TombstoneResp> =>
  handle(node, {
    rpc: 'tombstone',
    write: hardDelete,
    answer: (position) => {
      const answer = new streamsPb.TombstoneResp()
      return position === undefined
        ? answer.setNoPosition(new sharedPb.Empty())
        : answer.setPosition(at(new streamsPb.TombstoneResp.Position(), position))
    }
  })
