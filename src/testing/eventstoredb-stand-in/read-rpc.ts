import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js'
import type { handleServerStreamingCall } from '@grpc/grpc-js'
import { denial, logOf, type Node, notServing, receive } from './node.ts'
import { type Outgoing, outgoing } from './outgoing.ts'
import { readAll } from './read-all.ts'
import { isRefused, type ReadRequest, readRequest, subjectOf } from './read-request.ts'
import { readStream } from './read-stream.ts'
import { subscribeByCheckpoint } from './subscribe-to-all-by-checkpoint.ts'
import { subscribeByPage } from './subscribe-to-all-by-page.ts'
import { subscribeToStream } from './subscribe-to-stream.ts'

const serve = (node: Node, request: ReadRequest, out: Outgoing): Promise<void> => {
  switch (request._tag) {
    case 'ReadStream':
      return readStream(logOf(node), request, out)
    case 'ReadAll':
      return readAll(logOf(node), request, out)
    case 'SubscribeToStream':
      return subscribeToStream(node, request, out)
    case 'SubscribeToAll':
      return (node.behaviour.subscribes === 'byPage' ? subscribeByPage : subscribeByCheckpoint)(node, request, out)
  }
}

/** Reads and subscriptions: one RPC, told apart by its options. */
export const readRpc =
  (node: Node): handleServerStreamingCall<ReadReq, ReadResp> =>
  async (wire) => {
    const options = wire.request.getOptions()
    const request = readRequest(options, node.behaviour)
    const subject = subjectOf(options, request)
    const { call, plan } = receive(node, wire, subject)
    const form = isRefused(request) ? { resolveLinks: false, ids: undefined } : request
    const out = outgoing(node, wire, call, plan, form)
    if (!(await out.reach('before'))) return
    if (isRefused(request)) return request.problem === 'nothing' ? out.end() : out.fail(request.problem)
    const refused = denial(node, wire, { stream: subject.stream, right: '$r' }) ?? notServing(node, call, 'read')
    if (refused !== undefined) return out.fail(refused)
    await serve(node, request, out)
  }
