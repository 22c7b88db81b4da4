import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Failure, FailureTag } from '../../domain/failure.ts'
import { asked } from './effects-ledger.ts'
import type { Surroundings } from './surroundings.ts'

/** Beside the tries that each command makes itself within its deadline. */
const fewTries = 5
/** Whatever a timer does, there is an end. */
const maxTries = 1000
const firstPauseMs = 50
const maxPauseMs = 1000

/** What may go by itself. Anything else fails again in the same way. */
export const passing: ReadonlySet<FailureTag> = new Set<FailureTag>([
  'AppendUnknown',
  'Contended',
  'Overloaded',
  'StoreBusy',
  'StoreTimeout',
  'StoreUnavailable'
])

/**
 * Asks until it succeeds, or fails in another way, with growing pauses and jitter: a few times, and for `patienceMs` at
 * least.
 */
export const retrying = async <A>(
  { timer, random }: Pick<Surroundings, 'timer' | 'random'>,
  again: ReadonlySet<FailureTag>,
  useCase: () => TaskEither<Failure, A>,
  patienceMs = 0
): Promise<E.Either<Failure, A>> => {
  const until = timer.monotonicMs() + patienceMs
  const longest = Math.max(maxPauseMs, patienceMs / 60)
  for (let tries = 1; ; tries++) {
    const answer = await asked(useCase)
    if (E.isRight(answer) || !again.has(answer.left._tag) || tries >= maxTries) return answer
    const leftMs = until - timer.monotonicMs()
    if (tries >= fewTries && leftMs <= 0) return answer
    const pause = Math.min(longest, firstPauseMs * 2 ** (Math.min(tries, 20) - 1)) * (0.5 + random.fraction() / 2)
    // the last try is made when the time is over, and not before
    await timer.sleep(tries >= fewTries ? Math.min(pause, leftMs) : pause)()
  }
}
