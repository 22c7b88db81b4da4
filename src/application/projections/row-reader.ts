import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { Failure } from '../../domain/failure.ts'
import type { Parsed } from '../../domain/parsing/parsed.ts'
import type { TaskView } from './reading.ts'
import type { ViewMoment, WalkOptions } from './walk.ts'

/** What is asked of a view: it is shown the rows, by name, and has an answer once it has seen them, or has enough. */
export type RowReader<S, A> = WalkOptions & {
  readonly take: (row: string, state: S) => unknown
  readonly answer: () => A
}

/** An answer of a view, and how things stood with the view when it gave it. */
export type Told<A> = {
  /** What was asked. */
  readonly answer: A
  /** As of when it is so, and how far that is behind the log. */
  readonly moment: ViewMoment
}

/** Asks a view, in one walk over its rows. */
export const ask = <S, A>(
  { walk }: Pick<TaskView<S>, 'walk'>,
  reader: Parsed<RowReader<S, A>>
): TE.TaskEither<Failure, Told<A>> =>
  E.isLeft(reader)
    ? TE.left(reader.left)
    : pipe(
        walk(reader.right.take, { after: reader.right.after }),
        TE.map((moment) => ({ answer: reader.right.answer(), moment }))
      )
