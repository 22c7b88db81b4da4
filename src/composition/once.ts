import type { TaskEither } from 'fp-ts/TaskEither'
import { claimingOne } from '../application/effects/claiming.ts'
import type { EffectsLedger } from '../application/effects/effects-ledger.ts'
import type { OnceAnswer } from '../application/effects/once-answer.ts'
import type { Claimed, OnceKey } from '../application/effects/once-options.ts'
import type { OnceFailure } from '../application/effects/run-once.ts'
import {
  answerOrThrow,
  effectsLedgerFrom,
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

/** The use cases of a ledger that `once` asks for: any ledger has them, and so does what wraps one. */
export type OnceLedger = Promised<EffectsLedger>

/** Whose key it is, what is asked under it, and how a task that gives a promise is run. */
export type OnceOptions<A> = OnceKey & OnceTaskRules<A>

/** The same for a task in fp-ts style. */
export type OnceTaskEitherOptions<E, A> = OnceKey & OnceTaskEitherRules<E, A>

/** The options are the key's own. */
const claimed = (key: OnceKey): Claimed => ({ keys: [key], pathOf: () => '$' })

const claiming =
  (ledger: EffectsLedger): ClaimingOf =>
  ({ requests: [request] }) =>
    claimingOne(ledger, request)

/**
 * Runs a task once for a key: reserves it, renews the lease while the task runs, and stores how it ended. Whoever asks
 * again under the key is answered with that. Rejects with a `KeyfoldError` where nothing was run, or where the task gave up
 * because its caller did (`Aborted`), and with `ResultUnreadable` where a stored result cannot be read; see
 * docs/reference/once.md.
 */
export function once<A>(
  ledger: OnceLedger,
  options: OnceOptions<A> & WithCodec<A>
): (task: Task<A>) => Promise<OnceAnswer<A>>
export function once<R = never>(
  ledger: OnceLedger,
  options: OnceOptions<R> & WithoutCodec
): <A>(task: Task<A>) => Promise<OnceAnswer<A | R>>
export function once<A>(ledger: OnceLedger, options: OnceOptions<A>): (task: Task<A>) => Promise<OnceAnswer<A>>
export function once<A>(ledger: OnceLedger, options: OnceOptions<A>): (task: Task<A>) => Promise<OnceAnswer<A>> {
  const claim = claiming(effectsLedgerFrom(ledger))
  return (task) => answerOrThrow(running(ledger, claim, options, () => workOf(claimed(options), options, task)))
}

/** The same in fp-ts style. Each run of what it gives is a request of its own. */
export function onceTaskEither<E, A>(
  ledger: EffectsLedger,
  options: OnceTaskEitherOptions<E, A> & WithCodec<A>
): (task: TaskEitherTask<E, A>) => TaskEither<OnceFailure, OnceAnswer<A>>
export function onceTaskEither<E, R = never>(
  ledger: EffectsLedger,
  options: OnceTaskEitherOptions<E, R> & WithoutCodec
): <A>(task: TaskEitherTask<E, A>) => TaskEither<OnceFailure, OnceAnswer<A | R>>
export function onceTaskEither<E, A>(
  ledger: EffectsLedger,
  options: OnceTaskEitherOptions<E, A>
): (task: TaskEitherTask<E, A>) => TaskEither<OnceFailure, OnceAnswer<A>>
export function onceTaskEither<E, A>(
  ledger: EffectsLedger,
  options: OnceTaskEitherOptions<E, A>
): (task: TaskEitherTask<E, A>) => TaskEither<OnceFailure, OnceAnswer<A>> {
  return (task) => () =>
    running(ledger, claiming(ledger), options, () => workOfTaskEither(ledger, claimed(options), options, task))
}
