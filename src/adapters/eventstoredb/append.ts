import type { AppendResult, JSONEventData } from '@eventstore/db-client'
import * as E from 'fp-ts/Either'
import type {
  Append,
  Appended,
  AppendFailure,
  AppendToStream,
  ProposedEvent,
  StoreError
} from '../../application/ports/event-store.ts'
import type { ActualRevision, ExpectedRevision } from '../../domain/expected-revision.ts'
import { failure, invalidInput } from '../../domain/failure.ts'
import { disposedOf } from '../disposed-of.ts'
import { again } from './again.ts'
import { authentication, type Context } from './client.ts'
import { withinMs } from './deadline.ts'
import { appendBytes, toEventData, withinLimit } from './event-data.ts'
import { readBack } from './read-back.ts'
import { recallable } from './recallable.ts'
import { conflictIn, judge, toAppendFailure, type Verdict } from './to-store-error.ts'
import { together } from './together.ts'

type Outcome =
  | { readonly _tag: 'Accepted'; readonly result: AppendResult }
  | { readonly _tag: 'Conflict'; readonly actual: ActualRevision }

/** Always explicit: the client's default is "any", under which rivals all win. */
const toClient = (expected: ExpectedRevision): 'no_stream' | bigint =>
  expected._tag === 'NoStream' ? 'no_stream' : expected.revision

/** How long the adapter's own timer waits for the client's, which knows more: whether the call was sent at all. */
const graceMs = 100

const conflict = (actual: ActualRevision): Outcome => ({ _tag: 'Conflict', actual })

const tryOnce = async (
  context: Context,
  { stream, expected }: Append,
  events: ReadonlyArray<JSONEventData>,
  ms: number
): Promise<E.Either<Verdict, Outcome>> => {
  const options = {
    ...authentication(context),
    expectedRevision: toClient(expected),
    requiresLeader: true,
    deadline: ms
  }
  const { client, recall } = recallable(context.client)
  const call = (): Promise<AppendResult> => client.appendToStream(stream, [...events], options)
  try {
    const timed = await withinMs(ms + graceMs, context.lifetime, call)
    if (timed._tag === 'Done') {
      const result = timed.value
      if (result.success) return E.right({ _tag: 'Accepted', result })
      return E.right(conflict(result.nextExpectedRevision < 0n ? 'noStream' : result.nextExpectedRevision))
    }
    // what is sent may still reach the server: only its ids can tell
    const notWritten = recall()
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
    if (actual !== undefined) return E.right(conflict(actual))
    const verdict = judge(cause)
    if (verdict.error._tag === 'StoreTimeout' && !verdict.notWritten) context.notAnswered(ms)
    return E.left(verdict)
  }
}

const refused = (error: StoreError): E.Either<AppendFailure, never> => E.left({ _tag: 'NotWritten', error })

const checked = (
  { lifetime, maxAppendBytes }: Context,
  events: ReadonlyArray<ProposedEvent>
): E.Either<StoreError, ReadonlyArray<JSONEventData>> => {
  if (lifetime.isOver()) return E.left(disposedOf)
  if (events.length === 0) return E.left(invalidInput('an append holds at least one event'))
  const tooLarge = withinLimit(events, maxAppendBytes)
  return tooLarge === undefined ? E.traverseArray(toEventData)(events) : E.left(tooLarge)
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
  const atOnce = together()
  return (append) => async (): Promise<E.Either<AppendFailure, Appended>> => {
    const events = checked(context, append.events)
    if (E.isLeft(events)) return refused(events.left)
    const send = () => again(context, 'append', (ms) => tryOnce(context, append, events.right, ms))
    const outcome = await atOnce(send)
    if (E.isLeft(outcome)) return E.left(toAppendFailure(withSize(outcome.left, append.events)))
    if (outcome.right._tag === 'Conflict')
      return E.left({ _tag: 'WrongExpectedRevision', actual: outcome.right.actual })
    const { position, nextExpectedRevision } = outcome.right.result
    return position === undefined ? readBack(context, append) : E.right({ revision: nextExpectedRevision })
  }
}
