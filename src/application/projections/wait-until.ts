import * as E from 'fp-ts/Either'
import type { Failure } from '../../domain/failure.ts'
import type { Position } from '../ports/event-store.ts'
import type { Checkpoint, Generation } from '../ports/view-store.ts'
import { isFar } from './lag.ts'
import { askingLive, liveOf } from './live-build.ts'
import { endOf, haveAllPassed, isInLog, type Patience, type Place } from './passed.ts'
import type { Toolkit } from './run.ts'
import { anchorPlace, standsAt } from './stands-on.ts'
import { buildGone } from './view-sink.ts'

const pauseMs = 10

/** From where on the log holds what each partition did not take in. */
const placesOf = async (
  toolkit: Toolkit,
  { name, partitions }: Generation,
  checkpoints: ReadonlyArray<Checkpoint>,
  { isGivenUp }: Patience
): Promise<E.Either<Failure | 'Too much', ReadonlyArray<Place>>> => {
  if (checkpoints.length !== partitions) return E.left(buildGone(name))
  const places: Array<Place> = []
  for (const [partition, checkpoint] of checkpoints.entries()) {
    const share = { partition, partitions }
    const place = await standsAt(toolkit, name, checkpoint, share, (pages) => isGivenUp() || isFar(pages))
    // where it was cut short it tells nothing
    if (isGivenUp()) return E.left('Too much')
    if (E.isLeft(place)) return place
    places.push(place.right)
  }
  return E.right(places)
}

/** Whether a position that nothing comes after is one of the log: the last events that were taken in are looked at first. */
const isThere = async (
  toolkit: Toolkit,
  name: string,
  checkpoints: ReadonlyArray<Checkpoint>,
  position: Position,
  patience: Patience
): Promise<E.Either<Failure | 'Too much', boolean>> => {
  let last: Place = 'start'
  let lastMs = Number.NEGATIVE_INFINITY
  for (const checkpoint of checkpoints) {
    const place = await anchorPlace(toolkit, name, checkpoint)
    if (E.isLeft(place)) return place
    if (place.right === position) return E.right(true)
    const { recordedAtMs = Number.NEGATIVE_INFINITY } = checkpoint
    if (place.right === undefined || recordedAtMs < lastMs) continue
    last = place.right
    lastMs = recordedAtMs
  }
  return isInLog(toolkit, last, position, patience)
}

/** Whether it has come so far; and how far that is, once it is known where the log ended. */
type Passed = { readonly isSo: boolean; readonly wanted: Position | 'end' }

/** Whether a build has come as far as a position, which it may have been given before any event had it. */
const hasPassed = async (
  toolkit: Toolkit,
  build: Generation,
  wanted: Position | 'end',
  patience: Patience
): Promise<E.Either<Failure | 'Too much', Passed>> => {
  const its = { ...toolkit, category: build.category }
  const checkpoints = await toolkit.views.checkpoints(build.id)()
  if (E.isLeft(checkpoints)) return checkpoints
  const places = await placesOf(its, build, checkpoints.right, patience)
  if (E.isLeft(places)) return places
  const end = wanted === 'end' ? await endOf(its, places.right, patience) : E.right(wanted)
  if (E.isLeft(end)) return end
  if (end.right === undefined) return E.right({ isSo: true, wanted })
  const passed = await haveAllPassed(its, places.right, end.right, patience)
  if (E.isLeft(passed)) return passed
  if (passed.right !== 'AtEnd') return E.right({ isSo: passed.right === 'Yes', wanted: end.right })
  const there = await isThere(its, build.name, checkpoints.right, end.right, patience)
  return E.isLeft(there) ? there : E.right({ isSo: there.right, wanted: end.right })
}

/** Whether the live build has come so far by now, as far as there was patience to find out. */
const lookOnce = async (
  toolkit: Toolkit,
  name: string,
  wanted: Position | 'end',
  patience: Patience
): Promise<E.Either<Failure, Passed>> => {
  const build = await liveOf(toolkit.views, name)
  if (E.isLeft(build)) return build
  const notYet = E.right({ isSo: false, wanted })
  if (build.right === undefined) return notYet
  const passed = await hasPassed(toolkit, build.right, wanted, patience)
  if (E.isRight(passed)) return passed
  return passed.left === 'Too much' ? notYet : E.left(passed.left)
}

/**
 * Waits until the live view of a name has taken in the event at a position, or all that the log holds now (`end`); whether
 * it came so far in time. `NotAStore` where the view is of another log. A position is that of an event, as `history` and
 * subscriptions give it; of one that no event has yet it is waited for that event.
 */
export const waitUntil = async (
  toolkit: Toolkit,
  name: string,
  position: Position | 'end',
  { withinMs, signal }: { readonly withinMs: number; readonly signal?: AbortSignal | undefined }
): Promise<E.Either<Failure, boolean>> => {
  const { timer } = toolkit
  const deadlineAt = timer.monotonicMs() + withinMs
  const patience: Patience = {
    isOver: () => timer.monotonicMs() >= deadlineAt,
    isGivenUp: () => signal?.aborted === true
  }
  let wanted = position
  for (;;) {
    const at = wanted
    const looked = await askingLive(name, () => lookOnce(toolkit, name, at, patience))
    if (E.isLeft(looked)) return looked
    if (looked.right.isSo) return E.right(true)
    wanted = looked.right.wanted
    if (patience.isGivenUp() || patience.isOver()) return E.right(false)
    await timer.sleep(pauseMs, signal)()
  }
}
