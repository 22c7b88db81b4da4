import * as E from 'fp-ts/Either'
import type { Failure } from '../../domain/failure.ts'
import type { StoredRow, ViewSnapshot } from '../ports/view-store.ts'
import { type Lag, lagOfAll } from './lag.ts'
import { standingBuild } from './live-build.ts'
import { merged } from './merged.ts'
import type { Projection } from './projection.ts'
import type { Toolkit } from './run.ts'
import { standsOn } from './stands-on.ts'
import { buildGone } from './view-sink.ts'

/** Where a walk begins. */
export type WalkOptions = {
  /** After this row, exclusive. */
  readonly after?: string | undefined
}

/** The moment at which a view was read, and what it did not have of the log by then. */
export type ViewMoment = {
  /** The name of the view. */
  readonly view: string
  /** How many events it had taken in. */
  readonly events: number
  /** How far it was behind the log. */
  readonly behind: Lag
  /** How many keys waited: what they would have added is not there. */
  readonly parkedKeys: number
  /** How many events operators had left out. */
  readonly skippedEvents: number
}

const pageSize = 1000

/** Hands rows on, each merged of its parts; the failure that ends it, if any. */
const handOn = async <S>(
  { nextTurn }: Pick<Toolkit, 'nextTurn'>,
  projection: Projection<S>,
  { rows, checkpoints }: ViewSnapshot,
  take: (row: string, state: S) => unknown,
  { after }: WalkOptions
): Promise<E.Either<Failure, void>> => {
  let parts: Array<StoredRow> = []
  let hasEnough = false
  const handParts = (): Failure | undefined => {
    const [first] = parts
    if (first === undefined) return undefined
    const state = merged(
      projection,
      parts.map((part) => part.state)
    )
    if (E.isLeft(state)) return state.left
    parts = []
    if (state.right !== undefined) hasEnough = take(first.row, state.right) === false
    return undefined
  }
  for (let from = after === undefined ? undefined : ([after, checkpoints.length] as const); ; ) {
    const page = rows(from, pageSize)
    for (const one of page) {
      const fault = parts[0] === undefined || parts[0].row === one.row ? undefined : handParts()
      if (fault !== undefined) return E.left(fault)
      if (hasEnough) return E.right(undefined)
      parts.push(one)
    }
    const last = page.at(-1)
    if (last === undefined || page.length < pageSize) break
    from = [last.row, last.partition]
    await nextTurn()
  }
  const fault = handParts()
  return fault === undefined ? E.right(undefined) : E.left(fault)
}

const momentOf = async (
  toolkit: Toolkit,
  view: string,
  { checkpoints, parked, skipped }: ViewSnapshot
): Promise<E.Either<Failure, ViewMoment>> => {
  for (const checkpoint of checkpoints) {
    const stands = await standsOn(toolkit, view, checkpoint)
    if (E.isLeft(stands)) return stands
  }
  const behind = await lagOfAll(toolkit, checkpoints)
  if (E.isLeft(behind)) return behind
  return E.right({
    view,
    events: checkpoints.reduce((sum, { events }) => sum + events, 0),
    behind: behind.right,
    parkedKeys: parked.length,
    skippedEvents: skipped.length
  })
}

/** All rows of the live view, as they stood at one moment, and which moment that was. What `take` throws is thrown on. */
export const walk = async <S>(
  toolkit: Toolkit,
  projection: Projection<S>,
  take: (row: string, state: S) => unknown,
  options: WalkOptions = {}
): Promise<E.Either<Failure, ViewMoment>> => {
  const build = await standingBuild(projection, toolkit.category, toolkit.views)
  if (E.isLeft(build)) return build
  const taken = await toolkit.views.snapshot(build.right.id)()
  if (E.isLeft(taken)) return taken
  if (taken.right === 'Gone') return E.left(buildGone(projection.name))
  const snapshot = taken.right
  try {
    const moment = await momentOf(toolkit, projection.name, snapshot)
    if (E.isLeft(moment)) return moment
    const handed = await handOn(toolkit, projection, snapshot, take, options)
    return E.isLeft(handed) ? handed : moment
  } finally {
    snapshot.close()
  }
}
