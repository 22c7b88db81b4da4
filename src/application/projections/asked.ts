import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Failure } from '../../domain/failure.ts'
import type { Parsed } from '../../domain/parsing/parsed.ts'

/** What is asked is read when the task is run. */
export const asked =
  <A, B>(parse: () => Parsed<A>, work: (given: A) => Promise<E.Either<Failure, B>>): TaskEither<Failure, B> =>
  async () => {
    const parsed = parse()
    return E.isLeft(parsed) ? parsed : work(parsed.right)
  }
