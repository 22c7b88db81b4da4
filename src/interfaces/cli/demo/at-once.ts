import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Failure } from '../../../domain/failure.ts'
import { stopped } from '../cli.ts'

/** Works on all items, so many at a time; answers in their order. The first failure, or the signal, ends it. */
export const atOnce =
  (count: number, signal: AbortSignal) =>
  <A, B>(items: ReadonlyArray<A>, work: (item: A) => TaskEither<Failure, B>): TaskEither<Failure, ReadonlyArray<B>> =>
  async () => {
    const answers: Array<B> = []
    const rest = items.entries()
    let failed: Failure | undefined
    const worker = async (): Promise<void> => {
      // the workers share one iterator, so that each item is taken once
      for (const [index, item] of rest) {
        const answer = await work(item)()
        if (E.isLeft(answer)) failed ??= answer.left
        else answers[index] = answer.right
        if (signal.aborted) failed ??= stopped
        if (failed !== undefined) return
      }
    }
    await Promise.all(Array.from({ length: count }, worker))
    return failed === undefined ? E.right(answers) : E.left(failed)
  }
