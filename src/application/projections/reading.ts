import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { type Failure, failure, invalidInput } from '../../domain/failure.ts'
import type { Checkpoint, ViewStore } from '../ports/view-store.ts'
import { noView } from './health.ts'
import { liveOf } from './live-build.ts'
import type { Projection } from './projection.ts'
import { buildGone } from './view-sink.ts'

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
  /** How far it has come, by partition. */
  readonly checkpoints: () => TaskEither<Failure, ReadonlyArray<Checkpoint>>
}

const mostRows = 1000

const damaged = (name: string): Failure => failure('CorruptStream', `a row of the view ${name} is no JSON: rebuild it`)

const merged = <S>({ name, merge }: Projection<S>, states: ReadonlyArray<string>): E.Either<Failure, S | undefined> => {
  try {
    const parts = states.map((text): S => JSON.parse(text))
    const [first, ...more] = parts
    if (first === undefined || more.length === 0) return E.right(first)
    return merge === undefined ? E.left(damaged(name)) : E.right(more.reduce(merge, first))
  } catch {
    return E.left(damaged(name))
  }
}

/** Reads the live view of a projection. */
export const viewOf = <S>(views: ViewStore, projection: Projection<S>): TaskView<S> => {
  const { name } = projection
  const live = async () => {
    const found = await liveOf(views, name)
    if (E.isLeft(found)) return found
    return found.right === undefined ? E.left(noView(name)) : E.right(found.right)
  }
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
        const { id, partitions } = build.right
        const taken = await views.snapshot(id)()
        if (E.isLeft(taken)) return taken
        if (taken.right === 'Gone') return E.left(buildGone(name))
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
          return E.right({ rows: all, next: parts.size > limit ? all.at(-1)?.row : undefined })
        } finally {
          close()
        }
      },
    checkpoints: () => async () => {
      const build = await live()
      return E.isLeft(build) ? build : views.checkpoints(build.right.id)()
    }
  }
}
