import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Claim } from '../domain/claim.ts'
import { type Failure, type FailureTag, standingClaim } from '../domain/failure.ts'
import { isMembers } from '../domain/parsing/values.ts'

type ErrorOf<F extends Failure> = F extends Failure
  ? Error & {
      /** What tells it from other errors where there are two copies of the package. */
      readonly name: 'KeyfoldError'
      /** Which failure it is. */
      readonly tag: F['_tag']
      /** The failure with all its facts, as `taskEither` gives it. */
      readonly failure: F
      /** With `AppendUnknown`: the claim that may stand. */
      readonly claim: F extends { readonly _tag: 'AppendUnknown' } ? F['claim'] : undefined
    }
  : never

/**
 * The one error that the Promise face throws; `tag` tells the kind, from the closed list of failures. A union by `tag`, as
 * `Failure` is by `_tag`.
 */
export type KeyfoldError = ErrorOf<Failure>

export const KeyfoldError = class KeyfoldError extends Error {
  override readonly name = 'KeyfoldError'
  readonly tag: FailureTag
  readonly failure: Failure
  constructor(failure: Failure) {
    super(failure.message, 'cause' in failure ? { cause: failure.cause } : {})
    this.tag = failure._tag
    this.failure = failure
  }
  get claim(): Claim | undefined {
    return standingClaim(this.failure)
  }
  // a class cannot be a union of what its instances may be
} as new (
  failure: Failure
) => KeyfoldError

/** By its name, as its own text says: it may come from another copy of the package. */
export const isKeyfoldError = (thrown: unknown): thrown is KeyfoldError =>
  isMembers(thrown) &&
  thrown['name'] === 'KeyfoldError' &&
  isMembers(thrown['failure']) &&
  typeof thrown['failure']['_tag'] === 'string'

type UseCase<Args extends ReadonlyArray<never>, A> = (...args: Args) => TaskEither<Failure, A>

/** Use cases as functions that return promises, each with its own arguments and answer. */
export type Promised<L> = {
  readonly [K in keyof L]: L[K] extends (...args: infer Args) => TaskEither<infer _, infer A>
    ? (...args: Args) => Promise<A>
    : never
}

/** What is right, or a `KeyfoldError` thrown. */
export const rightOrThrow = <A>(result: E.Either<Failure, A>): A => {
  if (E.isLeft(result)) throw new KeyfoldError(result.left)
  return result.right
}

/** Runs a task, and throws a `KeyfoldError` where it fails. */
export const orThrow = <A>(task: TaskEither<Failure, A>): Promise<A> => {
  try {
    return task().then<A>(rightOrThrow)
  } catch (cause) {
    return Promise.reject(cause)
  }
}

/** The Promise face of a record of use cases: one rule for all of them. */
export const promised = <L extends { readonly [K in keyof L]: UseCase<never, unknown> }>(useCases: L): Promised<L> =>
  Object.fromEntries(
    Object.entries<UseCase<never, unknown>>(useCases).map(([name, useCase]) => [
      name,
      (...args: never) => orThrow(useCase(...args))
    ])
  ) as Promised<L>

/** The face of a subscription that throws: what would be its last message as a `Left` is thrown as a `KeyfoldError`. */
export const throwing = <A>(
  messages: AsyncIterable<E.Either<Failure, A>, void, undefined>
): AsyncIterable<A, void, undefined> => ({
  [Symbol.asyncIterator]: () => {
    const iterator = messages[Symbol.asyncIterator]()
    return {
      next: async () => {
        const next = await iterator.next()
        if (next.done) return next
        if (E.isRight(next.value)) return { done: false, value: next.value.right }
        await iterator.return?.()
        throw new KeyfoldError(next.value.left)
      },
      return: async () => {
        await iterator.return?.()
        return { done: true, value: undefined }
      }
    }
  }
})
