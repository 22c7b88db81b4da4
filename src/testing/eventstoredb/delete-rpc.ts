import type { DeleteReq, DeleteResp, TombstoneReq, TombstoneResp } from '@eventstore/db-client/generated/streams_pb.js'
import type { handleUnaryCall, ServerUnaryCall, ServiceError } from '@grpc/grpc-js'
import type { Expected } from './check-commit.ts'
import { faultAt, type ServerError } from './faults.ts'
import { sharedPb, streamsPb } from './generated.ts'
import type { Log } from './log.ts'
import { expectedIn, nameOf } from './messages.ts'
import { type Node, receive, refusal, strike, toServiceError } from './node.ts'
import { wrongVersionOnDelete } from './rpc-error.ts'
import { hardDelete, softDelete, type WriteResult } from './writes.ts'

type Kind<Answer> = {
  readonly rpc: 'delete' | 'tombstone'
  readonly write: (log: Log, stream: string, expected: Expected) => WriteResult
  readonly answer: (position: bigint | undefined) => Answer
}

const handle =
  <Request extends DeleteReq | TombstoneReq, Answer>(node: Node, { rpc, write, answer }: Kind<Answer>) =>
  async (
    wire: ServerUnaryCall<Request, Answer>,
    callback: (error: ServiceError | null, answer?: Answer) => void
  ): Promise<void> => {
    const options = wire.request.getOptions() ?? new streamsPb.DeleteReq.Options()
    const stream = nameOf(options.getStreamIdentifier())
    const expected = expectedIn(options, () => options.getRevision())
    const fail = (error: ServerError): void => callback(toServiceError(node, error, stream))
    const { call, plan } = receive(node, wire, { rpc, stream, expected })
    const [before, after] = [faultAt(plan, 'before'), faultAt(plan, 'after')]
    if (before !== undefined && !(await strike(node, wire, before, fail))) return
    if (wire.cancelled) return
    const refused = refusal(node, wire, call, 'write')
    if (refused !== undefined) return fail(refused)
    const result = write(node.cluster.log, stream, expected)
    if (after !== undefined && !(await strike(node, wire, after, fail))) return
    if (result._tag === 'Written') callback(null, answer(result.position))
    else if (result._tag === 'Deleted') fail('streamDeleted')
    else callback(wrongVersionOnDelete(stream, expected, result.current))
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
