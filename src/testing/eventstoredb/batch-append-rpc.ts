import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js'
import type { handleBidiStreamingCall } from '@grpc/grpc-js'
import { type BatchEnd, batchAnswer, conflicted, failed, succeeded } from './batch-answer.ts'
import type { Expected } from './check-commit.ts'
import { type ProposedEvent, sizeOf } from './events.ts'
import { faultAt, type ServerError } from './faults.ts'
import { expectedIn, nameOf, proposedIn, textOf } from './messages.ts'
import { type Node, receive, refusal, strike, toServiceError } from './node.ts'
import { append } from './writes.ts'

/** An append whose parts are still coming in. */
type Pending = {
  readonly correlationId: string
  readonly stream: string
  readonly expected: Expected
  readonly events: ProposedEvent[]
  size: number
  timer?: { readonly cancel: () => void }
}

/** Parts of one append may lie this far apart, whatever deadline the client gives. */
const writeTimeoutMs = 2000

/** Appends in both directions of one long stream: the parts of each assembled, each answered at most once. */
export const batchAppendRpc =
  (node: Node): handleBidiStreamingCall<BatchAppendReq, BatchAppendResp> =>
  async (wire) => {
    const { log, maxAppendSize } = node.cluster
    const pending = new Map<string, Pending>()
    let over = false

    const endStream = (error: ServerError): void => {
      over = true
      wire.emit('error', toServiceError(node, error))
    }

    const reply = ({ correlationId, stream }: Pending, end: BatchEnd): void => {
      if (!over && !wire.cancelled) wire.write(batchAnswer(correlationId, stream, end))
    }

    const fail =
      (request: Pending) =>
      (error: ServerError): void => {
        const end = failed(error, request.stream, maxAppendSize)
        if (end === undefined) endStream(error)
        else reply(request, end)
      }

    const giveUp = (request: Pending, error: ServerError): void => {
      request.timer?.cancel()
      pending.delete(request.correlationId)
      fail(request)(error)
    }

    const write = ({ stream, expected, events }: Pending): BatchEnd | ServerError => {
      const result = append(log, stream, expected, events)
      if (result._tag === 'Written') return succeeded(result.revision, result.position)
      return result._tag === 'Deleted' ? 'streamDeleted' : conflicted(expected, result.current)
    }

    const complete = async (request: Pending): Promise<void> => {
      const { call, plan } = receive(node, wire, {
        rpc: 'batchAppend',
        stream: request.stream,
        expected: request.expected,
        eventTypes: request.events.map(({ type }) => type)
      })
      const [before, after] = [faultAt(plan, 'before'), faultAt(plan, 'after')]
      if (before !== undefined && !(await strike(node, wire, before, fail(request)))) return
      if (wire.cancelled) return
      const refused = refusal(node, wire, call, 'write')
      const end = refused ?? write(request)
      if (after !== undefined && !(await strike(node, wire, after, fail(request)))) return
      if (typeof end === 'string') fail(request)(end)
      else reply(request, end)
    }

    const open = (correlationId: string, options: BatchAppendReq.Options): Pending => ({
      correlationId,
      stream: nameOf(options.getStreamIdentifier()),
      expected: expectedIn(options, () => options.getStreamPosition()),
      events: [],
      size: 0
    })

    /** The deadline is a time of the client's clock, and held against the server's. */
    const begin = (request: Pending, options: BatchAppendReq.Options, isFinal: boolean): ServerError | undefined => {
      const deadline = options.getDeadline()?.toDate().getTime() ?? Infinity
      const leftMs = deadline - log.now()
      if (leftMs <= 0) return 'timeout'
      pending.set(request.correlationId, request)
      if (!isFinal) request.timer = node.later(Math.min(leftMs, writeTimeoutMs), () => giveUp(request, 'timeout'))
      return undefined
    }

    const add = (request: Pending, message: BatchAppendReq): ServerError | undefined => {
      for (const proposed of message.getProposedMessagesList()) {
        const event = proposedIn(proposed)
        if (typeof event === 'string') return 'missingMetadata'
        request.events.push(event)
        request.size += sizeOf(event)
      }
      return request.size > maxAppendSize ? 'maxAppendSize' : undefined
    }

    const take = (message: BatchAppendReq): void => {
      const correlationId = textOf(message.getCorrelationId())
      if (correlationId === undefined) {
        endStream('unknown')
        return
      }
      const options = message.getOptions()
      const request = options === undefined ? pending.get(correlationId) : open(correlationId, options)
      // a part of what is already answered
      if (request === undefined) return
      const problem = (options && begin(request, options, message.getIsFinal())) ?? add(request, message)
      if (problem !== undefined) giveUp(request, problem)
      else if (message.getIsFinal()) {
        request.timer?.cancel()
        pending.delete(correlationId)
        void complete(request)
      }
    }

    const { call, plan } = receive(node, wire, { rpc: 'openBatch' })
    const close = node.open(call, () => 0)
    const forget = (): void => {
      over = true
      close()
      for (const { timer } of pending.values()) timer?.cancel()
      pending.clear()
    }

    wire.on('error', forget)
    wire.on('cancelled', forget)
    wire.on('end', () => {
      forget()
      wire.end()
    })
    const before = faultAt(plan, 'before')
    if (before !== undefined && !(await strike(node, wire, before, endStream))) return
    const refused = refusal(node, wire, call, 'write')
    if (refused !== undefined) return endStream(refused)
    wire.on('data', take)
  }
