import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Failure, FailureTag } from '../../domain/failure.ts'
import { asked } from './effects-ledger.ts'
import type { Surroundings } from './surroundings.ts'

/** Beside the tries that each command makes itself within its deadline. */
const maxTries = 5
const firstPauseMs = 50

/** What may go by itself. Anything else fails again in the same way. */
export const passing: ReadonlySet<FailureTag> = new Set<FailureTag>([
  'AppendUnknown',
  'Contended',
  'Overloaded',
  'StoreBusy',
  'StoreTimeout',
  'StoreUnavailable'
])

/** Asks until it succeeds, or fails in another way: a few times, with growing pauses and jitter. */
export const retrying = async <A>(
  { timer, random }: Pick<Surroundings, 'timer' | 'random'>,
  again: ReadonlySet<FailureTag>,
  useCase: () => TaskEither<Failure, A>
): Promise<E.Either<Failure, A>> => {
  for (let tries = 1; ; tries++) {
    const answer = await asked(useCase)
    if (E.isRight(answer) || !again.has(answer.left._tag) || tries >= maxTries) return answer
    await timer.sleep(firstPauseMs * 2 ** (tries - 1) * (0.5 + random.fraction() / 2))()
  }
}
