import * as E from 'fp-ts/Either'
import type { Failure } from '../../domain/failure.ts'
import type { StoredRow, ViewSnapshot } from '../ports/view-store.ts'
import { type Lag, lagOfAll } from './lag.ts'
import { askingLive, standingBuild } from './live-build.ts'
import { merged } from './merged.ts'
import type { Projection } from './projection.ts'
import type { Toolkit } from './run.ts'
import { snapshotOf, storedPages } from './stored-rows.ts'

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

/** Hands rows on, each merged of its parts; the failure that ends it, if any. */
const handOn = async <S>(
  { nextTurn }: Pick<Toolkit, 'nextTurn'>,
  projection: Projection<S>,
  snapshot: ViewSnapshot,
  take: (row: string, state: S) => unknown,
  { after }: WalkOptions
): Promise<E.Either<Failure, void>> => {
  let parts: Array<StoredRow> = []
  let answer: unknown
  const handParts = (): Failure | undefined => {
    const [first] = parts
    if (first === undefined) return undefined
    const state = merged(
      projection,
      parts.map((part) => part.state)
    )
    if (E.isLeft(state)) return state.left
    parts = []
    answer = state.right === undefined ? undefined : take(first.row, state.right)
    return undefined
  }
  const from = after === undefined ? undefined : ([after, snapshot.checkpoints.length] as const)
  for (const page of storedPages(snapshot, from)) {
    if (E.isLeft(page)) return page
    for (const one of page.right) {
      const fault = parts[0] === undefined || parts[0].row === one.row ? undefined : handParts()
      if (fault !== undefined) return E.left(fault)
      // most takers give none: a wait for each row would cost as much as the row
      if (typeof answer === 'object') answer = await answer
      if (answer === false) return E.right(undefined)
      parts.push(one)
    }
    await nextTurn()
  }
  const fault = handParts()
  await answer
  return fault === undefined ? E.right(undefined) : E.left(fault)
}

const momentOf = async (
  toolkit: Toolkit,
  view: string,
  { checkpoints, parked, skipped }: ViewSnapshot
): Promise<E.Either<Failure, ViewMoment>> => {
  const behind = await lagOfAll(toolkit, view, checkpoints)
  if (E.isLeft(behind)) return behind
  return E.right({
    view,
    events: checkpoints.reduce((sum, { events }) => sum + events, 0),
    behind: behind.right,
    parkedKeys: parked.length,
    skippedEvents: skipped.length
  })
}

const walkNow = async <S>(
  toolkit: Toolkit,
  projection: Projection<S>,
  take: (row: string, state: S) => unknown,
  options: WalkOptions
): Promise<E.Either<Failure, ViewMoment>> => {
  const build = await standingBuild(projection, toolkit.category, toolkit.views)
  if (E.isLeft(build)) return build
  const taken = await snapshotOf(toolkit.views, build.right)
  if (E.isLeft(taken)) return taken
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

/** All rows of the live view, as they stood at one moment, and which moment that was. What `take` throws, or rejects with, is thrown on. */
export const walk = <S>(
  toolkit: Toolkit,
  projection: Projection<S>,
  take: (row: string, state: S) => unknown,
  options: WalkOptions = {}
): Promise<E.Either<Failure, ViewMoment>> =>
  askingLive(projection.name, () => walkNow(toolkit, projection, take, options))
