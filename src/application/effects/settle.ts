import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { type Failure, failure } from '../../domain/failure.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import type { OutcomeInput } from '../requests/requests.ts'
import { heldNoLonger } from '../requests/still-held.ts'
import type { Classified } from './classify.ts'
import type { Holding } from './holding.ts'
import type { Ended, OnceAnswer } from './once-answer.ts'
import type { Codec } from './result-codec.ts'
import { passing, retrying } from './retrying.ts'
import { failedWith, isRefusedOutcome, replayOf, succeededWith, unstored, withoutDetails } from './stored-result.ts'
import type { Surroundings } from './surroundings.ts'

type Told = { readonly _tag: string; readonly record?: IdempotencyRecord }

/** Puts on record how a task ended, and answers with it. What cannot be stored keeps its claim, and can be tried again. */
export type Settle<A> = {
  readonly value: (value: A) => Promise<OnceAnswer<A>>
  /** What `recover` found: it was not run now. */
  readonly recovered: (value: A) => Promise<OnceAnswer<A>>
  readonly failure: (error: unknown, classified: Classified) => Promise<OnceAnswer<A>>
}

/** What it is tried for at least, ms: one lease. By then nobody can know whether the claim is held. */
export const settling = <A>(
  surroundings: Surroundings,
  holding: Holding,
  codec: Codec<A>,
  patienceMs: number
): Settle<A> => {
  /** Asks for one end, and answers with it where it is what stands then. */
  const put = async (
    ended: Ended<A>,
    wanted: string,
    useCase: () => TaskEither<Failure, Told>,
    answer: (record: IdempotencyRecord) => OnceAnswer<A>,
    instead: (refused: Failure) => Promise<OnceAnswer<A>> | undefined = () => undefined
  ): Promise<OnceAnswer<A>> => {
    const told = await retrying(surroundings, passing, useCase, patienceMs)
    if (E.isLeft(told)) {
      const retryComplete = () => put(ended, wanted, useCase, answer, instead)
      return instead(told.left) ?? { _tag: 'Unrecorded', ...ended, cause: told.left, retryComplete }
    }
    const { _tag, record } = told.right
    if (_tag === wanted && record !== undefined) return answer(record)
    return { _tag: 'ClaimLost', ...ended, ...(record && { record }) }
  }

  /** Where the outcome is refused as it is, it is stored without its details: it must not happen again. */
  const complete = (
    ended: Ended<A>,
    outcome: OutcomeInput,
    answer: (record: IdempotencyRecord, warning?: Failure) => OnceAnswer<A>
  ): Promise<OnceAnswer<A>> =>
    put(
      ended,
      'Completed',
      () => holding.complete(outcome),
      (record) => answer(record),
      (refused) =>
        isRefusedOutcome(refused)
          ? put(
              ended,
              'Completed',
              () => holding.complete(withoutDetails(outcome, refused._tag)),
              (record) => answer(record, heldNoLonger(refused))
            )
          : undefined
    )

  const unreadable = (cause: unknown): Failure =>
    failure('InvalidInput', 'the result is stored, and its codec does not read it back', { cause })

  /** The effect happened all the same. */
  const storeNothing = (
    ended: Ended<A>,
    warning: Failure,
    answer: (record: IdempotencyRecord, warning?: Failure) => OnceAnswer<A>
  ): Promise<OnceAnswer<A>> => complete(ended, unstored(warning._tag), (record) => answer(record, warning))

  /** Stores a value as it is now. A codec that fails, or a value that is no JSON, leaves nothing of it to store. */
  const store = async (
    ended: Ended<A>,
    value: A,
    answer: (record: IdempotencyRecord, warning?: Failure) => OnceAnswer<A>
  ): Promise<OnceAnswer<A>> => {
    const encoded = await codec.encode(value)
    if (E.isLeft(encoded)) {
      return storeNothing(
        ended,
        failure('InvalidInput', 'the codec of the result failed', { cause: encoded.left }),
        answer
      )
    }
    const outcome = succeededWith(encoded.right, surroundings.maxValues)
    return E.isLeft(outcome) ? storeNothing(ended, outcome.left, answer) : complete(ended, outcome.right, answer)
  }

  /** Only once it is stored: a codec that never answers must not keep the outcome from the ledger. */
  const readBack = async (answer: OnceAnswer<A>): Promise<OnceAnswer<A>> => {
    if (answer._tag !== 'Ran' || answer.warning !== undefined || answer.record.outcome === undefined) return answer
    const read = await replayOf(codec, answer.record, answer.record.outcome)
    return E.isRight(read) ? answer : { ...answer, warning: unreadable(read.left.cause) }
  }

  return {
    value: async (value) =>
      readBack(
        await store({ threw: false, value }, value, (record, warning) => ({
          _tag: 'Ran',
          value,
          record,
          ...(warning && { warning })
        }))
      ),
    recovered: (value) =>
      store({ threw: false, value }, value, (record, warning) => ({
        _tag: 'Replayed',
        value,
        record,
        recovered: true,
        ...(warning && { warning })
      })),
    failure: (error, classified) => {
      const ended: Ended<A> = { threw: true, error }
      switch (classified._tag) {
        case 'Definitive':
          return complete(ended, failedWith(classified.failure), (record) => ({
            _tag: 'Failed',
            failure: record.outcome?.details ?? null,
            error,
            record
          }))
        case 'Transient':
          return put(ended, 'Released', holding.release, (record) => ({ _tag: 'Released', error, record }))
        case 'Ambiguous':
          return put(ended, 'Marked', holding.markInDoubt, (record) => ({ _tag: 'InDoubt', error, record }))
      }
    }
  }
}
