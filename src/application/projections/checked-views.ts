import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { type Failure, failure } from '../../domain/failure.ts'
import { caught } from '../engine/watch/guarded-store.ts'
import type { StoredRow, ViewSnapshot, ViewStore } from '../ports/view-store.ts'

const broke = (cause: unknown): Failure =>
  failure('StoreUnavailable', 'the store of views failed in a way that it should not', { cause })

const checked = <Args extends ReadonlyArray<unknown>, A>(work: (...args: Args) => TaskEither<Failure, A>) =>
  caught(work, broke)

/** A store of views that never throws or rejects, whatever its adapter does: a bug there is a failure by its tag. */
export const checkedViews = (views: ViewStore): ViewStore => ({
  // what it has besides, where it is in the file of a log
  ...views,
  generations: checked((...asked) => views.generations(...asked)),
  create: checked((...asked) => views.create(...asked)),
  fence: checked((...asked) => views.fence(...asked)),
  load: checked((...asked) => views.load(...asked)),
  commit: checked((...asked) => views.commit(...asked)),
  promote: checked((...asked) => views.promote(...asked)),
  drop: checked((...asked) => views.drop(...asked)),
  checkpoints: checked((...asked) => views.checkpoints(...asked)),
  parked: checked((...asked) => views.parked(...asked)),
  row: checked((...asked) => views.row(...asked)),
  snapshot: checked((...asked) => views.snapshot(...asked))
})

/** The rows of a snapshot; a file may break while it is read. */
export const rowsIn = (
  { rows }: Pick<ViewSnapshot, 'rows'>,
  ...asked: Parameters<ViewSnapshot['rows']>
): E.Either<Failure, ReadonlyArray<StoredRow>> => E.tryCatch(() => rows(...asked), broke)
