import type { TaskEither } from 'fp-ts/TaskEither'
import type { Failure } from '../../../domain/failure.ts'
import { inChunks } from '../terminal/write.ts'

/** Takes a piece of text at the pace of whoever reads it. False where nobody wants more. */
export type Put = (piece: string) => Promise<boolean>

/** Puts a whole text, piece by piece. False where it was told that nobody wants more. */
export type Fill = (put: Put) => TaskEither<Failure, boolean>

/** Puts pieces that are there already, some of them at a time. */
export const fillWith =
  (pieces: Iterable<string>): Fill =>
  (put) =>
  async () => {
    for (const chunk of inChunks(pieces)) {
      if (!(await put(chunk))) return { _tag: 'Right', right: false }
    }
    return { _tag: 'Right', right: true }
  }
