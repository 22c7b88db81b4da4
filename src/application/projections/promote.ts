import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Failure } from '../../domain/failure.ts'
import { streamPrefix } from '../../domain/identity.ts'
import type { RecordedEvent } from '../ports/event-store.ts'
import type { BesideLog, ViewsBesideLog } from '../ports/inline.ts'
import type { Generation, ViewStore } from '../ports/view-store.ts'
import { advance, standsOnLog } from './advance.ts'
import type { Projection } from './projection.ts'
import type { Toolkit } from './run.ts'
import type { PoisonRule } from './take-batch.ts'

/** So much of the log beside is looked at for an event that tells whose log it is. */
const lookedAt = 1000

/** The first event of the log beside that can be read: a build that took none in has none to be known by. */
const firstBeside = (views: ViewsBesideLog, category: string): E.Either<Failure, RecordedEvent | undefined> =>
  pipe(
    views.readLog('start', streamPrefix(category), lookedAt),
    E.map(({ found }) => found.find(E.isRight)?.right)
  )

const isThere = async ({ store }: Toolkit, event: RecordedEvent): Promise<E.Either<Failure, boolean>> =>
  pipe(
    await store.readStream(event.stream, 'forwards', event.revision, 1)(),
    E.map(([found]) => found?.id === event.id)
  )

type Promoted = 'Committed' | 'Gone'

/**
 * Puts a build in the place of the live one. Where the log is in the same file it is brought level first, in the same
 * transaction: whoever reads a view that is kept inline never sees it behind.
 */
export const promote = <S>(
  toolkit: Toolkit,
  projection: Projection<S>,
  build: Generation,
  rule: PoisonRule
): TaskEither<Failure, Promoted> => {
  const { besideLog, promote: plainly }: ViewStore & Partial<BesideLog> = toolkit.views
  if (besideLog === undefined) return plainly(build.id)

  const level = (within: ViewsBesideLog): E.Either<Failure, Promoted> => {
    // it ends with the log, which nobody else writes meanwhile
    for (let isLevel = false; !isLevel; ) {
      const done = advance({ projection, build, rule, reader: toolkit }, within)
      if (E.isLeft(done)) return done
      isLevel = done.right
    }
    return E.right(within.promote(build.id))
  }

  /** An event where it takes the projections' own log to tell whether the log beside is that. */
  const byAnchor = (within: ViewsBesideLog): E.Either<Failure, Promoted | RecordedEvent> => {
    const hasAnchor = within.checkpoints(build.id).some(({ anchor }) => anchor !== undefined)
    if (hasAnchor) return standsOnLog(within, build) ? level(within) : E.right(within.promote(build.id))
    return pipe(
      firstBeside(within, toolkit.category),
      E.map((first) => first ?? within.promote(build.id))
    )
  }

  return async () => {
    const done = await besideLog(byAnchor)()
    if (E.isLeft(done)) return done
    if (typeof done.right === 'string') return E.right(done.right)
    const isOwn = await isThere(toolkit, done.right)
    if (E.isLeft(isOwn)) return isOwn
    return isOwn.right ? besideLog(level)() : plainly(build.id)()
  }
}
