import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Failure } from '../../domain/failure.ts'
import type { BesideLog, ViewsBesideLog } from '../ports/inline.ts'
import type { Generation, ViewStore } from '../ports/view-store.ts'
import { advance, standsOnLog } from './advance.ts'
import type { Projection } from './projection.ts'
import type { Toolkit } from './run.ts'
import type { PoisonRule } from './take-batch.ts'

/** Without an event in it nothing tells whether the build is of the log beside it. */
const isOfLogBeside = (views: ViewsBesideLog, build: Generation): boolean =>
  views.checkpoints(build.id).some(({ anchor }) => anchor !== undefined) && standsOnLog(views, build)

/**
 * Puts a build in the place of the live one. Where the log is in the same file it is brought level first, in the same
 * transaction: whoever reads a view that is kept inline never sees it behind.
 */
export const promote = <S>(
  toolkit: Toolkit,
  projection: Projection<S>,
  build: Generation,
  rule: PoisonRule
): TaskEither<Failure, 'Committed' | 'Gone'> => {
  const { besideLog, promote: plainly }: ViewStore & Partial<BesideLog> = toolkit.views
  if (besideLog === undefined) return plainly(build.id)
  return besideLog((within) => {
    // it ends with the log, which nobody else writes meanwhile
    for (let isLevel = !isOfLogBeside(within, build); !isLevel; ) {
      const done = advance({ projection, build, rule, reader: toolkit }, within)
      if (E.isLeft(done)) return done
      isLevel = done.right
    }
    return E.right(within.promote(build.id))
  })
}
