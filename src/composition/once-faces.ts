import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'
import { type ThrowPolicy, throwPolicy } from '../application/effects/classify.ts'
import type { EffectsLedger, ManyKeysLedger } from '../application/effects/effects-ledger.ts'
import { type Claimed, type OnceRules, onceMembers, rulesIn, type Work } from '../application/effects/once-options.ts'
import type { ResultCodec } from '../application/effects/result-codec.ts'
import type { OnceFailure } from '../application/effects/run-once.ts'
import type { RecoverContext, Recovery, TaskContext } from '../application/effects/task-context.ts'
import { type Failure, failure, invalidInput } from '../domain/failure.ts'
import { faultOf, optional, type Parsed } from '../domain/parsing/parsed.ts'
import { func, isMembers } from '../domain/parsing/values.ts'
import type { IdempotencyRecord } from '../domain/record.ts'
import { isKeyfoldError, KeyfoldError, type Promised } from './promises.ts'

/** A task that gives a promise. */
export type Task<A> = (context: TaskContext) => A | Promise<A>

/** A task in fp-ts style. One that rejects is broken, and nobody knows what it did: the key is marked in doubt. */
export type TaskEitherTask<E, A> = (context: TaskContext) => TE.TaskEither<E, A>

/** How a task that gives a promise is run once. */
export type OnceTaskRules<A> = OnceRules<A> & {
  /**
   * What a failure of the task means. There is no default: whether a plain throw means that nothing happened, that it failed
   * for good, or that nobody knows, only the task's author can say.
   */
  readonly onThrow: ThrowPolicy<unknown>
  /** Asked on a takeover, before the task: what the world shows of an earlier attempt. Where it throws, `unknown`. */
  readonly recover?:
    | ((previous: IdempotencyRecord, context: RecoverContext) => Recovery<A> | Promise<Recovery<A>>)
    | undefined
}

/** The same for a task in fp-ts style. */
export type OnceTaskEitherRules<E, A> = OnceRules<A> & {
  /** What a `Left` of the task means. There is no default: only the task's author can say. */
  readonly onLeft: ThrowPolicy<E>
  /** Asked on a takeover, before the task: what the world shows of an earlier attempt. A `Left` is `unknown`. */
  readonly recover?:
    | ((previous: IdempotencyRecord, context: RecoverContext) => TE.TaskEither<unknown, Recovery<A>>)
    | undefined
}

/** Options that say how the value is stored. */
export type WithCodec<A> = {
  /** How the value is stored and read again. */
  readonly result: ResultCodec<A>
}

/** Options by which the value is stored as JSON. */
export type WithoutCodec = {
  /** The value is stored as JSON. */
  readonly result?: undefined
}

/** Runs what is the caller's, and may throw before it gives a promise. */
const trying = async <A>(run: () => A | Promise<A>): Promise<E.Either<unknown, A>> => {
  try {
    return E.right(await run())
  } catch (error) {
    return E.left(error)
  }
}

const isEither = (given: unknown): boolean =>
  isMembers(given) && ((given['_tag'] === 'Right' && 'right' in given) || (given['_tag'] === 'Left' && 'left' in given))

/** The same of what is to give an `Either`, and may give anything. */
const tryingEither = <E, A>(run: () => Promise<E.Either<E, A>>): Promise<E.Either<unknown, E.Either<E, A>>> =>
  trying(async () => {
    const either = await run()
    if (!isEither(either)) throw new TypeError('it gave no Either')
    return either
  })

/** Why it is no task, or what is wrong with what goes with it. */
const taskFault = (task: unknown, recover: unknown, rules: unknown, policy: Parsed<unknown>): Failure | undefined =>
  faultOf(func('$.task', task)) ??
  faultOf(optional(func)('$.recover', recover)) ??
  faultOf(onceMembers('$', rules)) ??
  faultOf(policy)

/** A task that gives a promise, as work. */
export const workOf = <A>(claimed: Claimed, rules: OnceTaskRules<A>, task: Task<A>): Parsed<Work<A, unknown>> => {
  const { onThrow, recover } = rules
  const fault = taskFault(task, recover, rules, throwPolicy('$.onThrow', onThrow))
  if (fault !== undefined) return E.left(fault)
  return E.right({
    ...claimed,
    rules: rulesIn(rules),
    policy: onThrow,
    run: async (context) => {
      const ended = await trying(() => task(context))
      return E.isRight(ended) ? { _tag: 'Value', value: ended.right } : { _tag: 'Error', error: ended.left }
    },
    ...(recover !== undefined && { recover: (previous, context) => trying(() => recover(previous, context)) })
  })
}

/** The face of promises has the other as a member. Taken for it, it would write, and nobody could read what it answers. */
const faceFault = (ledger: object): Failure | undefined =>
  'taskEither' in ledger
    ? invalidInput('$.ledger must be the face in fp-ts style: its taskEither', '$.ledger')
    : undefined

/** A task in fp-ts style, as work. */
export const workOfTaskEither = <E, A>(
  ledger: EffectsLedger,
  claimed: Claimed,
  rules: OnceTaskEitherRules<E, A>,
  task: TaskEitherTask<E, A>
): Parsed<Work<A, E>> => {
  const { onLeft, recover } = rules
  const fault = faceFault(ledger) ?? taskFault(task, recover, rules, throwPolicy('$.onLeft', onLeft))
  if (fault !== undefined) return E.left(fault)
  return E.right({
    ...claimed,
    rules: rulesIn(rules),
    policy: onLeft,
    run: async (context) => {
      const ended = await tryingEither(() => task(context)())
      if (E.isLeft(ended)) return { _tag: 'Defect', error: ended.left }
      return E.isRight(ended.right)
        ? { _tag: 'Value', value: ended.right.right }
        : { _tag: 'Error', error: ended.right.left }
    },
    ...(recover !== undefined && {
      recover: async (previous, context) => E.flatten(await tryingEither(() => recover(previous, context)()))
    })
  })
}

const toFailure = (cause: unknown): Failure => {
  const broken = failure('StoreUnavailable', 'the ledger failed in a way that it should not', { cause })
  try {
    return isKeyfoldError(cause) ? cause.failure : broken
  } catch {
    return broken
  }
}

const fromPromise = <A>(useCase: () => Promise<A>): TE.TaskEither<Failure, A> => TE.tryCatch(useCase, toFailure)

/** A ledger's promises as effects ask for them. Each is looked up when it is called: a wrapper may stand before it. */
export const effectsLedgerFrom = (ledger: Promised<EffectsLedger>): EffectsLedger => ({
  reserve: (request) => fromPromise(() => ledger.reserve(request)),
  complete: (request) => fromPromise(() => ledger.complete(request)),
  release: (request) => fromPromise(() => ledger.release(request)),
  renew: (request) => fromPromise(() => ledger.renew(request)),
  awaitOutcome: (request) => fromPromise(() => ledger.awaitOutcome(request)),
  reachRecoveryPoint: (request) => fromPromise(() => ledger.reachRecoveryPoint(request)),
  markInDoubt: (request) => fromPromise(() => ledger.markInDoubt(request)),
  history: (key) => fromPromise(() => ledger.history(key))
})

export const manyKeysLedgerFrom = (ledger: Promised<ManyKeysLedger>): ManyKeysLedger => ({
  ...effectsLedgerFrom(ledger),
  reserveAll: (requests) => fromPromise(() => ledger.reserveAll(requests)),
  completeAll: (request) => fromPromise(() => ledger.completeAll(request)),
  releaseAll: (request) => fromPromise(() => ledger.releaseAll(request))
})

/** Throws what there is no answer for. */
export const answerOrThrow = async <A>(running: Promise<E.Either<OnceFailure, A>>): Promise<A> => {
  const result = await running
  if (E.isRight(result)) return result.right
  throw result.left._tag === 'ResultUnreadable' ? result.left : new KeyfoldError(result.left)
}
