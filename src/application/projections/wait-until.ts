import * as E from 'fp-ts/Either'
import type { Failure } from '../../domain/failure.ts'
import type { Position } from '../ports/event-store.ts'
import type { Checkpoint, Generation } from '../ports/view-store.ts'
import { mostPages } from './lag.ts'
import { liveOf } from './live-build.ts'
import { endOf, haveAllPassed, type Patience } from './passed.ts'
import type { Toolkit } from './run.ts'
import { standsAt } from './stands-on.ts'
import { buildGone } from './view-sink.ts'

const pauseMs = 10

/** From where on the log holds what each partition did not take in. */
const placesOf = async (
  toolkit: Toolkit,
  { name, partitions }: Generation,
  checkpoints: ReadonlyArray<Checkpoint>
): Promise<E.Either<Failure, ReadonlyArray<Position | 'start'>>> => {
  if (checkpoints.length !== partitions) return E.left(buildGone(name))
  const places: Array<Position | 'start'> = []
  for (const [partition, checkpoint] of checkpoints.entries()) {
    const place = await standsAt(toolkit, name, checkpoint, { partition, partitions }, mostPages)
    if (E.isLeft(place)) return place
    places.push(place.right)
  }
  return E.right(places)
}

/**
 * Waits until the live view of a name has taken in the event at a position, or all that the log holds now (`end`); whether
 * it came so far in time. `NotAStore` where the view is of another log. A position is that of an event, as `history` and subscriptions give it.
 */
export const waitUntil = async (
  toolkit: Toolkit,
  name: string,
  position: Position | 'end',
  { withinMs, signal }: { readonly withinMs: number; readonly signal?: AbortSignal | undefined }
): Promise<E.Either<Failure, boolean>> => {
  const { timer, views } = toolkit
  const deadlineAt = timer.monotonicMs() + withinMs
  const patience: Patience = {
    isOver: () => timer.monotonicMs() >= deadlineAt,
    isGivenUp: () => signal?.aborted === true
  }
  let wanted: Position | undefined = position === 'end' ? undefined : position
  for (;;) {
    const build = await liveOf(views, name)
    if (E.isLeft(build)) return build
    const live = build.right
    if (live !== undefined) {
      const its = { ...toolkit, category: live.category }
      const checkpoints = await views.checkpoints(live.id)()
      if (E.isLeft(checkpoints)) return checkpoints
      const stands = await placesOf(its, live, checkpoints.right)
      if (E.isLeft(stands)) return stands
      const places = stands.right
      if (wanted === undefined) {
        const end = await endOf(its, places, patience)
        if (E.isLeft(end)) return end.left === 'Too much' ? E.right(false) : E.left(end.left)
        if (end.right === undefined) return E.right(true)
        wanted = end.right
      }
      const passed = await haveAllPassed(its, places, wanted, patience)
      if (E.isLeft(passed) || passed.right) return passed
    }
    if (patience.isGivenUp() || patience.isOver()) return E.right(false)
    await timer.sleep(pauseMs, signal)()
  }
}
