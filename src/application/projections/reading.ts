import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Failure } from '../../domain/failure.ts'
import { allOf, type Parsed } from '../../domain/parsing/parsed.ts'
import type { Checkpoint, Generation, ViewStore } from '../ports/view-store.ts'
import { asked } from './asked.ts'
import { rowsIn } from './checked-views.ts'
import { pageOptions, rowName, rowTaker, walkOptions } from './inputs.ts'
import { askingLive, buildFault, liveOf, standingBuild, standingOf } from './live-build.ts'
import { merged } from './merged.ts'
import type { Projection } from './projection.ts'
import type { Toolkit } from './run.ts'
import { notFurther, snapshotOf } from './stored-rows.ts'
import { type ViewMoment, type WalkOptions, walk } from './walk.ts'

/** A page of a view. */
export type ViewPage<S> = {
  /** The rows. */
  readonly rows: ReadonlyArray<{
    /** The name of the row. */
    readonly row: string
    /** Its state. */
    readonly state: S
  }>
  /** What to read on after; nothing where this was the last page. */
  readonly next: string | undefined
}

/** Which page of a view. */
export type PageOptions = {
  /** What it comes after. */
  readonly after?: string | undefined
  /** How many rows at most, 1 to 1,000; 100 where it is left out. */
  readonly limit?: number | undefined
}

/**
 * The live view, for whoever asks. Rows are by name. A view that is not there yet has no row to `get`, and is `InvalidInput`
 * to the others; one of another category is `InvalidInput` to all, one of another version `UnsupportedVersion`.
 */
export type TaskView<S> = {
  /** The state of a row. */
  readonly get: (row: string) => TaskEither<Failure, S | undefined>
  /** A page of rows after a row, exclusive, 1,000 at most. */
  readonly page: (options?: PageOptions) => TaskEither<Failure, ViewPage<S>>
  /**
   * Hands all rows on, by name, as they stood at one moment, and tells which moment that was. Where `take` gives `false` it
   * has enough; a promise is waited for. `NotAStore` where the view is of another log.
   */
  readonly walk: (take: (row: string, state: S) => unknown, options?: WalkOptions) => TaskEither<Failure, ViewMoment>
  /** How far it has come, by partition. */
  readonly checkpoints: () => TaskEither<Failure, ReadonlyArray<Checkpoint>>
}

/** A page of the rows of a build, each merged of its parts. */
const pageOf = async <S>(
  views: ViewStore,
  projection: Projection<S>,
  build: Generation,
  { after, limit = 100 }: PageOptions
): Promise<E.Either<Failure, ViewPage<S>>> => {
  const { partitions } = build
  const taken = await snapshotOf(views, build)
  if (E.isLeft(taken)) return taken
  const snapshot = taken.right
  try {
    // a row has a part in each partition at most
    const from = after === undefined ? undefined : ([after, partitions] as const)
    const read = rowsIn(snapshot, from, (limit + 1) * partitions)
    if (E.isLeft(read)) return read
    const parts = new Map<string, Array<string>>()
    for (const { row, state } of read.right) {
      parts.set(row, [...(parts.get(row) ?? []), state])
    }
    const all: Array<{ readonly row: string; readonly state: S }> = []
    const shown = [...parts].slice(0, limit)
    for (const [row, states] of shown) {
      const state = merged(projection, states)
      if (E.isLeft(state)) return state
      if (state.right !== undefined) all.push({ row, state: state.right })
    }
    if (after !== undefined && parts.has(after)) return E.left(notFurther(after))
    return E.right({ rows: all, next: parts.size > limit ? shown.at(-1)?.[0] : undefined })
  } finally {
    snapshot.close()
  }
}

/** Reads the live view of a projection; what is wrong with that is told by whatever reads it. */
export const viewOf = <S>(toolkit: Toolkit, projection: Parsed<Projection<S>>): TaskView<S> => {
  const { views, category } = toolkit
  return {
    get: (given) =>
      asked(
        () => allOf({ taken: projection, row: rowName(given) }),
        async ({ taken, row }) => {
          const build = await liveOf(views, taken.name)
          if (E.isLeft(build)) return build
          const fault = build.right && buildFault(taken, category, build.right)
          if (fault !== undefined) return E.left(fault)
          const states = await views.row(taken.name, row)()
          return E.isLeft(states) ? states : merged(taken, states.right)
        }
      ),
    page: (given = {}) =>
      asked(
        () => allOf({ taken: projection, options: pageOptions(given) }),
        ({ taken, options }) =>
          askingLive(taken.name, async () => {
            const build = await standingBuild(taken, category, views)
            return E.isLeft(build) ? build : pageOf(views, taken, build.right, options)
          })
      ),
    walk: (take, given = {}) =>
      asked(
        () => allOf({ taken: projection, take: rowTaker(take), options: walkOptions(given) }),
        ({ taken, options }) => walk(toolkit, taken, take, options)
      ),
    checkpoints: () =>
      asked(
        () => projection,
        (taken) =>
          askingLive(taken.name, async () => {
            const build = await standingBuild(taken, category, views)
            if (E.isLeft(build)) return build
            const stands = await standingOf(views, build.right)
            return E.isLeft(stands) ? stands : E.right(stands.right.checkpoints)
          })
      )
  }
}
