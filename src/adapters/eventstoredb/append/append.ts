import { performance } from 'node:perf_hooks'
import type { AppendReq } from '@eventstore/db-client/generated/streams_pb.js'
import * as E from 'fp-ts/Either'
import type {
  Append,
  Appended,
  AppendFailure,
  AppendToStream,
  ProposedEvent,
  StoreError
} from '../../../application/ports/event-store.ts'
import { failure } from '../../../domain/failure.ts'
import { disposedOf } from '../../common/disposed-of.ts'
import { appendFault } from '../../common/port-fault.ts'
import { withinMs } from '../calls/deadline.ts'
import { retry } from '../calls/retry.ts'
import { conflictIn, judge, toAppendFailure } from '../calls/to-store-error.ts'
import type { Verdict } from '../calls/verdict.ts'
import { authentication, type Context, noTimeLeft, withTime } from '../client/client.ts'
import { callOver } from '../client/wire.ts'
import { type AppendAnswer, callAppend } from './append-call.ts'
import { appendMessages } from './append-messages.ts'
import { appendBytes, eventFault, withinLimit } from './event-data.ts'
import { oncePerTurn } from './once-per-turn.ts'
import { readBack } from './read-back.ts'

/** How long the adapter's own timer waits for the client's, which knows more: whether the call was sent at all. */
const graceMs = 50

/** Longer deadlines are not sent, ms: rounded up to seconds they are over what a timer of Node's takes, at some server. */
const longestSentMs = 2 ** 30

/**
 * The client looks for a node before it sends, for as long as that takes. An append that is given up before it was
 * handed to a channel is called back, and was certainly not written: without this, a cluster that is away would leave
 * every append in doubt.
 */
const tryOnce = async (
  context: Context,
  append: Append,
  messages: ReadonlyArray<AppendReq>,
  ms: number
): Promise<E.Either<Verdict, AppendAnswer>> => {
  const begun = performance.now()
  // of the client's timers and this one the client's is to be the first, however long it took to find the node
  const options = () => ({
    ...authentication(context),
    requiresLeader: true,
    deadline: Math.max(1, ms - (performance.now() - begun))
  })
  const fixed = ms > longestSentMs ? { deadline: Number.POSITIVE_INFINITY } : undefined
  let sent = false
  let recalled = false
  const call = (): Promise<AppendAnswer> =>
    callOver(
      context.wire,
      ({ grpc }) => {
        if (recalled) return Promise.reject(new Error('the append was called back'))
        sent = true
        return callAppend(grpc, context.wire.args(options(), fixed), append, messages, context.lifetime)
      },
      (cause) => conflictIn(cause) !== undefined
    )
  try {
    const timed = await withinMs(ms + graceMs, context.lifetime, call)
    if (timed._tag === 'Done') return E.right(timed.value)
    recalled = true
    if (timed._tag === 'Overdue') context.wire.notAnswered(ms)
    // what is sent may still reach the server: only its ids can tell
    const notWritten = !sent
    const error =
      timed._tag === 'StoreOver'
        ? failure('StoreUnavailable', 'the store was disposed of while an append was under way')
        : failure(
            'StoreTimeout',
            notWritten
              ? 'no node of the cluster was found in time'
              : `the server did not answer an append within ${ms} ms`
          )
    return E.left({ error, notWritten, elsewhere: false })
  } catch (cause) {
    const actual = conflictIn(cause)
    if (actual !== undefined) return E.right({ _tag: 'Conflict', actual })
    const verdict = judge(cause)
    if (verdict.error._tag === 'StoreTimeout') context.wire.notAnswered(ms)
    return E.left(verdict)
  }
}

/** Why an append is refused before anything is sent. */
const fault = ({ lifetime, deadlineMs, maxAppendBytes }: Context, append: Append): StoreError | undefined => {
  if (lifetime.isOver()) return disposedOf
  if (deadlineMs <= 0) return noTimeLeft
  const wrongAppend = appendFault(append)
  if (wrongAppend !== undefined) return wrongAppend
  const { events } = append
  const tooLarge = withinLimit(events, maxAppendBytes)
  if (tooLarge !== undefined) return tooLarge
  for (const event of events) {
    const wrong = eventFault(event)
    if (wrong !== undefined) return wrong
  }
  return undefined
}

/** The server knows the limit that it enforces, this side the size that it refused. */
const withSize = (verdict: Verdict, events: ReadonlyArray<ProposedEvent>): Verdict =>
  verdict.error._tag === 'LimitExceeded'
    ? { ...verdict, error: { ...verdict.error, size: appendBytes(events) } }
    : verdict

/**
 * Appends through the unary call, under the exact revision, at the leader. A success without a position is the answer
 * to repeated ids whose events cannot be read any more, as after a soft delete: what the stream holds decides.
 */
export const appendToStream = (context: Context): AppendToStream => {
  const atOnce = oncePerTurn()
  return (append, atMostMs) => async (): Promise<E.Either<AppendFailure, Appended>> => {
    const timed = withTime(context, atMostMs)
    const wrong = fault(timed, append)
    if (wrong !== undefined) return E.left({ _tag: 'NotWritten', error: wrong })
    const endsAt = performance.now() + timed.deadlineMs
    const messages = appendMessages(append)
    const send = () => retry(timed, 'append', (ms) => tryOnce(timed, append, messages, ms))
    const outcome = await atOnce(send)
    if (E.isLeft(outcome)) return E.left(toAppendFailure(withSize(outcome.left, append.events)))
    if (outcome.right._tag === 'Conflict')
      return E.left({ _tag: 'WrongExpectedRevision', actual: outcome.right.actual })
    const { hasPosition, revision } = outcome.right
    return hasPosition ? E.right({ revision }) : readBack(withTime(context, endsAt - performance.now()), append)
  }
}
