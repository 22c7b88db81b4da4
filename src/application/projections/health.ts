import * as E from 'fp-ts/Either'
import type { Failure } from '../../domain/failure.ts'
import type { Position, RecordedEvent, UnreadableEvent } from '../ports/event-store.ts'
import type { Checkpoint, Generation } from '../ports/view-store.ts'
import { lagOf, mostPages } from './lag.ts'
import { liveOf } from './live-build.ts'
import { placesAfter } from './places-after.ts'
import type { Toolkit } from './run.ts'
import { standsAt } from './stands-on.ts'
import { buildGone } from './view-sink.ts'

/** How one partition of a view does. */
export type PartitionHealth = {
  /** Which partition, from 0 on. */
  readonly partition: number
  /** A place in the log, as the store tells it. */
  readonly position: Position | 'start'
  /** How many events were taken in. */
  readonly events: number
  /** Events of the log that it has not taken in. */
  readonly lagEvents: number
  /** Whether there are more of them than were counted. */
  readonly lagIsMore: boolean
  /** How long ago the oldest of them was recorded, seconds; 0 where there is none. */
  readonly lagSeconds: number
  /** Events a second, lately. */
  readonly rate: number
  /** When the last batch was applied, epoch ms. */
  readonly appliedAtMs: number | undefined
}

/** How a view does, as JSON. */
export type Health = {
  /** What it is called. */
  readonly name: string
  /** Of the projection that made it. */
  readonly version: number
  /** Whose log it is a view of: the category of the streams. */
  readonly category: string
  /** Whether another build is being filled. */
  readonly rebuilding: boolean
  /** How many keys wait. */
  readonly parkedKeys: number
  /** How many events wait in these keys. */
  readonly waitingEvents: number
  /** Into how many partitions the keys are divided. */
  readonly partitions: ReadonlyArray<PartitionHealth>
}

type Place = Pick<RecordedEvent, 'position'> | UnreadableEvent

const partitionHealth = async (
  toolkit: Toolkit,
  name: string,
  checkpoint: Checkpoint,
  partition: number,
  partitions: number
): Promise<E.Either<Failure, PartitionHealth>> => {
  const lag = await lagOf(toolkit, name, checkpoint, partition, partitions)
  if (E.isLeft(lag)) return lag
  const { events, isMore, seconds } = lag.right
  const { position, events: taken, rate, appliedAtMs } = checkpoint
  return E.right({
    partition,
    position,
    events: taken,
    lagEvents: events,
    lagIsMore: isMore,
    lagSeconds: seconds,
    rate,
    appliedAtMs: appliedAtMs === 0 ? undefined : appliedAtMs
  })
}

/** How the live view of a name does; nothing where there is none. */
export const healthOf = async (toolkit: Toolkit, name: string): Promise<E.Either<Failure, Health | undefined>> => {
  const { views } = toolkit
  const all = await views.generations(name)()
  if (E.isLeft(all)) return all
  const live = all.right.find(({ standing }) => standing === 'live')
  if (live === undefined) return E.right(undefined)
  const [checkpoints, parked] = [await views.checkpoints(live.id)(), await views.parked(live.id)()]
  if (E.isLeft(checkpoints)) return checkpoints
  if (E.isLeft(parked)) return parked
  if (checkpoints.right.length !== live.partitions) return E.left(buildGone(name))
  const partitions: Array<PartitionHealth> = []
  for (const [partition, checkpoint] of checkpoints.right.entries()) {
    const its = { ...toolkit, category: live.category }
    const one = await partitionHealth(its, name, checkpoint, partition, live.partitions)
    if (E.isLeft(one)) return one
    partitions.push(one.right)
  }
  const { version, category } = live
  return E.right({
    name,
    version,
    category,
    rebuilding: all.right.length > 1,
    parkedKeys: parked.right.length,
    waitingEvents: parked.right.reduce((sum, { waiting }) => sum + waiting, 0),
    partitions
  })
}

/** Whether a checkpoint has come as far as the event at a position: it is not among what is behind it. */
const hasPassed = async (
  toolkit: Toolkit,
  after: Position | 'start',
  position: Position
): Promise<E.Either<Failure, boolean>> => {
  if (after === position) return E.right(true)
  for await (const page of placesAfter(toolkit, after)) {
    if (E.isLeft(page)) return page
    const behind: ReadonlyArray<Place> = [...page.right.events, ...(page.right.unreadable ?? [])]
    if (behind.some((one) => one.position === position)) return E.right(false)
  }
  return E.right(true)
}

const haveAllPassed = async (
  toolkit: Toolkit,
  places: ReadonlyArray<Position | 'start'>,
  position: Position
): Promise<E.Either<Failure, boolean>> => {
  for (const place of places) {
    const passed = await hasPassed(toolkit, place, position)
    if (E.isLeft(passed) || !passed.right) return passed
  }
  return E.right(places.length > 0)
}

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

/** The position of the last event of the log, as seen from any of these places; nothing where all of them are at its end. */
const endOf = async (
  toolkit: Toolkit,
  places: ReadonlyArray<Position | 'start'>
): Promise<E.Either<Failure, Position | undefined>> => {
  for (const place of places) {
    let last: Position | undefined
    for await (const page of placesAfter(toolkit, place)) {
      if (E.isLeft(page)) return page
      last = page.right.events.at(-1)?.position ?? last
    }
    if (last !== undefined) return E.right(last)
  }
  return E.right(undefined)
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
        const end = await endOf(its, places)
        if (E.isLeft(end)) return end
        if (end.right === undefined) return E.right(true)
        wanted = end.right
      }
      const passed = await haveAllPassed(its, places, wanted)
      if (E.isLeft(passed) || passed.right) return passed
    }
    if (signal?.aborted || timer.monotonicMs() >= deadlineAt) return E.right(false)
    await timer.sleep(pauseMs, signal)()
  }
}
