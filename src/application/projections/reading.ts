import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { type Failure, invalidInput } from '../../domain/failure.ts'
import type { Checkpoint } from '../ports/view-store.ts'
import { standingBuild } from './live-build.ts'
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

/** The live view, for whoever asks. Rows are by name; a view that is not there yet is `InvalidInput`. */
export type TaskView<S> = {
  /** The state of a row. */
  readonly get: (row: string) => TaskEither<Failure, S | undefined>
  /** A page of rows after a row, exclusive, 1,000 at most. */
  readonly page: (options?: {
    /** What it comes after. */
    readonly after?: string | undefined
    /** How many at most. */
    readonly limit?: number | undefined
  }) => TaskEither<Failure, ViewPage<S>>
  /**
   * Hands all rows on, by name, as they stood at one moment, and tells which moment that was. Where `take` gives `false` it
   * has enough. `NotAStore` where the view is of another log.
   */
  readonly walk: (take: (row: string, state: S) => unknown, options?: WalkOptions) => TaskEither<Failure, ViewMoment>
  /** How far it has come, by partition. */
  readonly checkpoints: () => TaskEither<Failure, ReadonlyArray<Checkpoint>>
}

const mostRows = 1000

/** Reads the live view of a projection. */
export const viewOf = <S>(toolkit: Toolkit, projection: Projection<S>): TaskView<S> => {
  const { views } = toolkit
  const { name } = projection
  const live = () => standingBuild(projection, toolkit.category, views)
  return {
    get: (row) => async () => {
      const states = await views.row(name, row)()
      return E.isLeft(states) ? states : merged(projection, states.right)
    },
    page:
      ({ after, limit = 100 } = {}) =>
      async () => {
        if (!Number.isSafeInteger(limit) || limit < 1 || limit > mostRows) {
          return E.left(invalidInput(`$.limit must be a whole number from 1 to ${mostRows}`, '$.limit'))
        }
        const build = await live()
        if (E.isLeft(build)) return build
        const { partitions } = build.right
        const taken = await snapshotOf(views, build.right)
        if (E.isLeft(taken)) return taken
        const { rows, close } = taken.right
        try {
          // a row has a part in each partition at most
          const from = after === undefined ? undefined : ([after, partitions] as const)
          const parts = new Map<string, Array<string>>()
          for (const { row, state } of rows(from, (limit + 1) * partitions)) {
            parts.set(row, [...(parts.get(row) ?? []), state])
          }
          const all: Array<{ readonly row: string; readonly state: S }> = []
          for (const [row, states] of [...parts].slice(0, limit)) {
            const state = merged(projection, states)
            if (E.isLeft(state)) return state
            if (state.right !== undefined) all.push({ row, state: state.right })
          }
          if (after !== undefined && parts.has(after)) return E.left(notFurther(after))
          return E.right({ rows: all, next: parts.size > limit ? all.at(-1)?.row : undefined })
        } finally {
          close()
        }
      },
    walk: (take, options) => () => walk(toolkit, projection, take, options),
    checkpoints: () => async () => {
      const build = await live()
      return E.isLeft(build) ? build : views.checkpoints(build.right.id)()
    }
  }
}
