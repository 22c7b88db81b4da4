import type { StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb.js'
import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js'
import type { handleBidiStreamingCall } from '@grpc/grpc-js'
import { type BatchEnd, batchAnswer, conflicted, failed, succeeded } from './batch-answer.ts'
import type { BatchPart } from './batch-deadline.ts'
import type { Expected } from './check-commit.ts'
import type { ProposedEvent } from './events.ts'
import { faultAt } from './faults.ts'
import { countedSize, expectedIn, identifierOf, isExpectation, nameOf, proposalIn } from './messages.ts'
import { denial, type Node, notServing, receive, strike, toServiceError, writeTimeoutMs } from './node.ts'
import type { Problem } from './rpc-error.ts'
import { structuredUuidOf, textOf } from './uuid.ts'
import { append } from './writes.ts'
import { attempt } from './writing.ts'

/** An append whose parts are still coming in. */
type Pending = {
  readonly stream: string
  readonly expected: Expected
  readonly events: ProposedEvent[]
  size: number
}

/** Whom an answer is for: as the part named them that it answers. */
type Addressee = { readonly correlation: UUID | undefined; readonly stream: StreamIdentifier | undefined }

/** Appends in both directions of one long stream: the parts of each put together, each answered. */
export const batchAppendRpc =
  (node: Node): handleBidiStreamingCall<BatchPart, BatchAppendResp> =>
  async (wire) => {
    const { log, maxAppendSize } = node.cluster
    const { countsAll } = node.behaviour
    const pending = new Map<string, Pending>()
    const timers = new Set<{ readonly cancel: () => void }>()
    /** Writes under way less answers that were none of a write's: what the server goes by. */
    let unanswered = 0
    let isClosing = false
    let isOver = false

    const stop = (): void => {
      isOver = true
      close()
      for (const timer of timers) timer.cancel()
    }

    const endStream = (problem: Problem): void => {
      if (isOver) return
      stop()
      wire.emit('error', toServiceError(node, problem))
    }

    /** Once the client has ended its side the next answer is the last. */
    const reply = ({ correlation, stream }: Addressee, end: BatchEnd): void => {
      if (isOver || wire.cancelled) return
      wire.write(batchAnswer(correlation, stream, end))
      if (--unanswered < 0 || !isClosing) return
      stop()
      wire.end()
    }

    const fail =
      (addressee: Addressee) =>
      (problem: Problem): void => {
        const end = failed(problem, nameOf(addressee.stream), maxAppendSize)
        if (end === undefined) endStream(problem)
        else reply(addressee, end)
      }

    const complete = async (addressee: Addressee, { stream, expected, events }: Pending): Promise<void> => {
      unanswered++
      if (stream === '') return fail(addressee)('invalidArgument')
      const { call, plan } = receive(node, wire, {
        rpc: 'batchAppend',
        stream,
        expected,
        eventTypes: events.map(({ type }) => type)
      })
      const [before, after] = [faultAt(plan, 'before'), faultAt(plan, 'after')]
      if (before !== undefined && !(await strike(node, wire, before, fail(addressee)))) return
      if (wire.cancelled) return
      const refused = notServing(node, call, 'write')
      const outcome = refused ?? (await attempt(node, stream, () => append(log, stream, expected, events)))
      if (after !== undefined && !(await strike(node, wire, after, fail(addressee)))) return
      if (typeof outcome === 'string') fail(addressee)(outcome)
      else if (outcome._tag === 'Deleted') fail(addressee)('streamDeleted')
      else if (outcome._tag === 'Written') reply(addressee, succeeded(outcome.revision, outcome.position))
      else reply(addressee, conflicted(expected, outcome.current))
    }

    /** Parts of one append may lie two seconds apart at most. Who is timed out then is whoever has this id. */
    const expire = (id: string, ms: number): void => {
      const timer = node.later(ms, () => {
        timers.delete(timer)
        const request = pending.get(id)
        pending.delete(id)
        const addressee = request && { correlation: structuredUuidOf(id), stream: identifierOf(request.stream) }
        if (addressee !== undefined) fail(addressee)('timeout')
      })
      timers.add(timer)
    }

    /** A deadline that is a time is one of the client's clock, and held against the server's. */
    const leftMs = (options: BatchAppendReq.Options, durationMs: number | undefined): number => {
      const at = options.getDeadline()?.toDate().getTime() ?? Infinity
      return Math.min(durationMs ?? at - log.indexed.now(), writeTimeoutMs)
    }

    /** Why the options of a part end its append. Those of an append that has begun are not looked at. */
    const begin = (id: string, options: BatchAppendReq.Options, ms: number): Problem | undefined => {
      const stream = nameOf(options.getStreamIdentifier())
      const denied = denial(node, wire, { stream, right: '$w' })
      if (denied !== undefined) return denied
      if (!options.hasStreamIdentifier()) return 'invalidArgument'
      if (ms <= 0) return 'timeout'
      if (pending.has(id)) return undefined
      const exact = { has: () => options.hasStreamPosition(), get: () => options.getStreamPosition() }
      const expected = expectedIn(options, exact)
      if (!isExpectation(expected)) return 'invalidArgument'
      pending.set(id, { stream, expected, events: [], size: 0 })
      expire(id, ms)
      return undefined
    }

    /** What is no event stays out; what came before it stays in, and the append waits for more. */
    const add = (request: Pending, message: BatchAppendReq): Problem | undefined => {
      for (const proposed of message.getProposedMessagesList()) {
        const proposal = proposalIn(proposed)
        if (proposal === undefined || !proposal.isEvent) return 'invalidArgument'
        request.events.push(proposal.event)
        request.size += countedSize(proposal.event, countsAll)
      }
      return request.size > maxAppendSize ? 'maxAppendSize' : undefined
    }

    /** Why a part is not taken in. Undefined also where it is one of what was answered already. */
    const takeIn = (message: BatchAppendReq, durationMs: number | undefined): Problem | undefined => {
      const [options, correlation] = [message.getOptions(), message.getCorrelationId()]
      const id = textOf(correlation)
      if (id === undefined) return 'invalidArgument'
      const refused = options && begin(id, options, leftMs(options, durationMs))
      if (refused !== undefined) return refused
      const request = pending.get(id)
      const wrong = request && add(request, message)
      if (wrong === 'maxAppendSize') pending.delete(id)
      if (request === undefined || wrong !== undefined) return wrong
      if (!message.getIsFinal()) return undefined
      pending.delete(id)
      void complete({ correlation, stream: identifierOf(request.stream) }, request)
      return undefined
    }

    const take = ({ message, durationMs }: BatchPart): void => {
      if (isOver) return
      const options = message.getOptions()
      const problem = takeIn(message, durationMs)
      if (problem === undefined) return
      // an answer to what has no options needs their stream, and the server falls over it
      if (options === undefined && problem === 'invalidArgument') endStream('unknown')
      else fail({ correlation: message.getCorrelationId(), stream: options?.getStreamIdentifier() })(problem)
    }

    const { call, plan } = receive(node, wire, { rpc: 'openBatch' })
    const close = node.open(call, () => 0)

    wire.on('error', stop)
    wire.on('cancelled', stop)
    wire.on('end', () => {
      isClosing = true
    })
    const before = faultAt(plan, 'before')
    if (before !== undefined && !(await strike(node, wire, before, endStream))) return
    const refused = denial(node, wire, undefined) ?? notServing(node, call, 'write')
    if (refused !== undefined) return endStream(refused)
    wire.on('data', take)
  }
