import type { AppendReq, AppendResp } from '@eventstore/db-client/generated/streams_pb.js'
import type { handleClientStreamingCall } from '@grpc/grpc-js'
import { nextTurn } from '../../adapters/node/timer.ts'
import { success, wrongVersion } from './append-answer.ts'
import { newAppend, takeMessage } from './append-request.ts'
import { faultAt } from './faults.ts'
import { denial, type Node, notServing, receive, strike, toServiceError } from './node.ts'
import type { Problem } from './rpc-error.ts'
import { append } from './writes.ts'
import { attempt } from './writing.ts'

/** The unary append, which is a stream of one event per message on the wire, and one answer. */
export const appendRpc =
  (node: Node): handleClientStreamingCall<AppendReq, AppendResp> =>
  (wire, callback) => {
    const request = newAppend()
    const { log, maxAppendSize } = node.cluster
    const limits = { maxAppendSize, countsAll: node.behaviour.countsAll }
    let isOver = false

    const fail = (problem: Problem): void => callback(toServiceError(node, problem, request.stream))

    const finish = async (problem?: Problem): Promise<void> => {
      isOver = true
      const { stream, expected, events } = request
      const { call, plan } = receive(node, wire, {
        rpc: 'append',
        stream,
        ...(expected !== undefined && { expected }),
        eventTypes: events.map(({ type }) => type)
      })
      const [before, after] = [faultAt(plan, 'before'), faultAt(plan, 'after')]
      if (before !== undefined && !(await strike(node, wire, before, fail))) return
      // a server does not write for a client that gave up before the write was its turn
      if (wire.cancelled) return
      const refused = problem ?? denial(node, wire, { stream, right: '$w' }) ?? notServing(node, call, 'write')
      if (refused !== undefined || expected === undefined) return fail(refused ?? 'unknown')
      const outcome = await attempt(node, stream, () => append(log, stream, expected, events))
      if (after !== undefined && !(await strike(node, wire, after, fail))) return
      if (typeof outcome === 'string') fail(outcome)
      else if (outcome._tag === 'Deleted') fail('streamDeleted')
      else if (outcome._tag === 'Written') callback(null, success(outcome.revision, outcome.position))
      else callback(null, wrongVersion(expected, outcome.current))
    }

    wire.on('data', (message: AppendReq) => {
      const problem = isOver ? undefined : takeMessage(request, message, limits)
      if (problem !== undefined) void finish(problem)
    })
    // the end of a connection that was cut looks like that of the request, and is known for what it is a turn later
    wire.on('end', async () => {
      await nextTurn()
      if (!isOver && !wire.cancelled) await finish()
    })
    wire.on('error', () => {})
  }
