import type { TaskEither } from 'fp-ts/TaskEither'
import { claimingAll } from '../application/effects/claiming.ts'
import type { ManyKeysLedger } from '../application/effects/effects-ledger.ts'
import { keyPath } from '../application/effects/key-paths.ts'
import type { OnceAnswer } from '../application/effects/once-answer.ts'
import type { Claimed, OnceKey } from '../application/effects/once-options.ts'
import type { OnceFailure } from '../application/effects/run-once.ts'
import {
  answerOrThrow,
  manyKeysLedgerFrom,
  type OnceTaskEitherRules,
  type OnceTaskRules,
  type Task,
  type TaskEitherTask,
  type WithCodec,
  type WithoutCodec,
  workOf,
  workOfTaskEither
} from './once-faces.ts'
import type { Promised } from './promises.ts'
import { type ClaimingOf, running } from './running.ts'

/** The use cases of a ledger that `onceAll` asks for: any ledger has them, and so does what wraps one. */
export type OnceAllLedger = Promised<ManyKeysLedger>

/** Several keys of one task: a delivery id and a body digest, say. Steps and downstream keys are of the first. */
type Keys = {
  /** What all are reserved: steps and downstream keys are of the first, so name the stable one first. */
  readonly keys: ReadonlyArray<OnceKey>
}

/** The keys of a task that gives a promise, and how it is run. */
export type OnceAllOptions<A> = Keys & OnceTaskRules<A>

/** The same for a task in fp-ts style. */
export type OnceAllTaskEitherOptions<E, A> = Keys & OnceTaskEitherRules<E, A>

const claimed = ({ keys }: Keys): Claimed => ({ keys, pathOf: keyPath })

const claiming =
  (ledger: ManyKeysLedger): ClaimingOf =>
  ({ requests }) =>
    claimingAll(ledger, requests)

/**
 * Runs a task once for several keys: all are reserved or none, and all get the same outcome. The answers are those of
 * `once`; what stood in the way is in `blocked`.
 */
export function onceAll<A>(
  ledger: OnceAllLedger,
  options: OnceAllOptions<A> & WithCodec<A>
): (task: Task<A>) => Promise<OnceAnswer<A>>
export function onceAll<R = never>(
  ledger: OnceAllLedger,
  options: OnceAllOptions<R> & WithoutCodec
): <A>(task: Task<A>) => Promise<OnceAnswer<A | R>>
export function onceAll<A>(ledger: OnceAllLedger, options: OnceAllOptions<A>): (task: Task<A>) => Promise<OnceAnswer<A>>
export function onceAll<A>(
  ledger: OnceAllLedger,
  options: OnceAllOptions<A>
): (task: Task<A>) => Promise<OnceAnswer<A>> {
  const claim = claiming(manyKeysLedgerFrom(ledger))
  return (task) => answerOrThrow(running(ledger, claim, options, () => workOf(claimed(options), options, task)))
}

/** The same in fp-ts style. */
export function onceAllTaskEither<E, A>(
  ledger: ManyKeysLedger,
  options: OnceAllTaskEitherOptions<E, A> & WithCodec<A>
): (task: TaskEitherTask<E, A>) => TaskEither<OnceFailure, OnceAnswer<A>>
export function onceAllTaskEither<E, R = never>(
  ledger: ManyKeysLedger,
  options: OnceAllTaskEitherOptions<E, R> & WithoutCodec
): <A>(task: TaskEitherTask<E, A>) => TaskEither<OnceFailure, OnceAnswer<A | R>>
export function onceAllTaskEither<E, A>(
  ledger: ManyKeysLedger,
  options: OnceAllTaskEitherOptions<E, A>
): (task: TaskEitherTask<E, A>) => TaskEither<OnceFailure, OnceAnswer<A>>
export function onceAllTaskEither<E, A>(
  ledger: ManyKeysLedger,
  options: OnceAllTaskEitherOptions<E, A>
): (task: TaskEitherTask<E, A>) => TaskEither<OnceFailure, OnceAnswer<A>> {
  return (task) => () =>
    running(ledger, claiming(ledger), options, () => workOfTaskEither(ledger, claimed(options), options, task))
}
