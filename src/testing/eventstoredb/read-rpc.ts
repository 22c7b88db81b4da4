import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js'
import type { handleServerStreamingCall } from '@grpc/grpc-js'
import type { LoggedEvent } from './events.ts'
import type { Log } from './log.ts'
import { type Node, receive, refusal } from './node.ts'
import { type Outgoing, outgoing } from './outgoing.ts'
import { notFoundAnswer } from './read-answers.ts'
import { rangeOfAll, rangeOfStream } from './read-range.ts'
import { type ReadRequest, readRequest } from './read-request.ts'
import { invalidArgument } from './rpc-error.ts'
import { viewOf } from './stream-view.ts'
import { subscription } from './subscription.ts'

const sendAll = async (events: Iterable<LoggedEvent>, count: number, out: Outgoing): Promise<boolean> => {
  let left = count
  for (const event of events) {
    if (left-- <= 0) return true
    if (!(await out.sendEvent(event))) return false
  }
  return true
}

const bounded = async (log: Log, request: ReadRequest, out: Outgoing): Promise<void> => {
  const { stream, count } = request
  let complete: boolean
  if (stream === undefined) complete = await sendAll(rangeOfAll(log, request), count, out)
  else {
    const view = viewOf(log, stream)
    if (view._tag === 'Deleted') return out.fail('streamDeleted')
    complete =
      view._tag === 'NotFound'
        ? await out.send(notFoundAnswer(stream))
        : await sendAll(rangeOfStream(log.eventsOf(stream), view, request), count, out)
  }
  if (complete && (await out.reach('after'))) out.end()
}

const requestIn = (message: ReadReq): ReadRequest | Error => {
  try {
    const options = message.getOptions()
    return options === undefined ? new Error('a read needs options') : readRequest(options)
  } catch (cause) {
    return cause instanceof Error ? cause : new Error(String(cause))
  }
}

/** Reads and subscriptions: one RPC, told apart by its options. */
export const readRpc =
  (node: Node): handleServerStreamingCall<ReadReq, ReadResp> =>
  async (wire) => {
    const { log } = node.cluster
    const request = requestIn(wire.request)
    if (request instanceof Error) {
      wire.emit('error', invalidArgument(request.message))
      return
    }
    const stream = request.stream ?? '$all'
    const rpc = request.isSubscription ? 'subscribe' : 'read'
    const { call, plan } = receive(node, wire, { rpc, stream, from: request.from })
    const out = outgoing(node, wire, call, plan)
    if (!(await out.reach('before'))) return
    const refused = refusal(node, wire, call, 'read')
    if (refused !== undefined) return out.fail(refused)
    await (request.isSubscription ? subscription(node, request, out) : bounded(log, request, out))
  }
