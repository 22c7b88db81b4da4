import * as E from 'fp-ts/Either'
import type { Failure } from '../../domain/failure.ts'
import type { Position } from '../ports/event-store.ts'
import type { Checkpoint } from '../ports/view-store.ts'
import { lagOf } from './lag.ts'
import { askingLive, standingOf } from './live-build.ts'
import type { Toolkit } from './run.ts'

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

const healthNow = async (toolkit: Toolkit, name: string): Promise<E.Either<Failure, Health | undefined>> => {
  const { views } = toolkit
  const all = await views.generations(name)()
  if (E.isLeft(all)) return all
  const live = all.right.find(({ standing }) => standing === 'live')
  if (live === undefined) return E.right(undefined)
  const stands = await standingOf(views, live)
  if (E.isLeft(stands)) return stands
  const { checkpoints, parked } = stands.right
  const partitions: Array<PartitionHealth> = []
  for (const [partition, checkpoint] of checkpoints.entries()) {
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
    parkedKeys: parked.length,
    waitingEvents: parked.reduce((sum, { waiting }) => sum + waiting, 0),
    partitions
  })
}

/** How the live view of a name does; nothing where there is none. */
export const healthOf = (toolkit: Toolkit, name: string): Promise<E.Either<Failure, Health | undefined>> =>
  askingLive(name, () => healthNow(toolkit, name))
