import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../domain/failure.ts'
import { keyStream, streamPrefix } from '../../domain/identity.ts'
import type { Clock } from '../ports/clock.ts'
import type { LogPart, ViewsBesideLog } from '../ports/inline.ts'
import type { Checkpoint, Generation } from '../ports/view-store.ts'
import type { Settings } from '../settings.ts'
import { messageOf } from '../stream/follow.ts'
import { rowNamed } from './fold-rows.ts'
import { itemOf } from './followed-item.ts'
import type { Item } from './item.ts'
import { partitionOf } from './partition.ts'
import type { Projection } from './projection.ts'
import { checkpointAfter } from './sink.ts'
import { type PoisonRule, takeBatch } from './take-batch.ts'
import { buildGone } from './view-sink.ts'

/** What is needed to read the log of a category, and to say when. */
export type LevelReader = Pick<Settings, 'sha256' | 'category'> & { readonly clock: Clock }

/** So many events are read of the log at a time, while nobody else can write. */
const mostAtOnce = 1000

/** What is behind a place in the log for a projection: keys of the category, with what cannot be read. */
const itemsIn = ({ sha256, category }: LevelReader, { found }: LogPart): ReadonlyArray<Item> => {
  const isKey = keyStream(category)
  return found.flatMap((one) => {
    const told = E.isRight(one) ? messageOf(sha256, one.right) : ({ _tag: 'Unreadable', event: one.left } as const)
    const stream = told._tag === 'Event' ? told.decoded.recorded.stream : told.event.stream
    return stream === undefined || isKey(stream) ? [itemOf(told)] : []
  })
}

/** An event whose stream nobody can name may be of any partition. */
const isOf = (item: Item, partition: number, partitions: number): boolean =>
  partitions === 1 ||
  (item._tag === 'Unreadable' && item.stream === undefined) ||
  partitionOf(item.recordId, partitions) === partition

const odd = (name: string, cause: unknown): Failure =>
  failure('InvalidInput', `${name} made a state that cannot be stored`, { cause })

/** A build that is brought level, and by what. */
type Levelled<S> = {
  readonly projection: Projection<S>
  readonly build: Generation
  readonly rule: PoisonRule
  readonly reader: LevelReader
}

/** Takes what lies before a position into one partition, with its checkpoint. */
const takeInto = <S>(
  { projection, build, rule, reader: { clock } }: Levelled<S>,
  views: ViewsBesideLog,
  partition: number,
  all: ReadonlyArray<Item>,
  position: string
): E.Either<Failure, void> => {
  const { name } = projection
  const { id: generation, partitions } = build
  const items = all.filter((item) => isOf(item, partition, partitions))
  const rows = new Set(items.flatMap((item) => rowNamed(projection, item) ?? []))
  const loaded = views.load({ generation, partition }, [...rows])
  if (loaded === 'Gone') return E.left(buildGone(name))
  const taken = E.flatten(
    E.tryCatch(
      () => takeBatch(projection, partition, loaded, items, rule, clock()),
      (cause) => odd(name, cause)
    )
  )
  if (E.isLeft(taken)) return taken
  const { seq, epoch } = loaded
  const checkpoint = checkpointAfter(loaded.checkpoint, items, position, clock())
  // nobody else writes meanwhile: what was loaded is as it was
  const committed = views.commit({ generation, partition, epoch, seq, checkpoint, ...taken.right })
  return committed === 'Committed' ? E.right(undefined) : E.left(buildGone(name))
}

/** The partitions of a build by where they stand: those that stand together read the log once. */
const byPlace = (checkpoints: ReadonlyArray<Checkpoint>): ReadonlyMap<string, ReadonlyArray<number>> => {
  const places = new Map<string, ReadonlyArray<number>>()
  for (const [partition, { position }] of checkpoints.entries()) {
    places.set(position, [...(places.get(position) ?? []), partition])
  }
  return places
}

/**
 * Takes what comes next in the log into a build, within the transaction that is open: 1,000 events at most for each place at which
 * its partitions stand. Whether the build is level with the log then.
 */
export const advance = <S>(levelled: Levelled<S>, views: ViewsBesideLog): E.Either<Failure, boolean> => {
  const { build, reader } = levelled
  let isLevel = true
  const checkpoints = views.checkpoints(build.id)
  if (checkpoints.length !== build.partitions) return E.left(buildGone(levelled.projection.name))
  for (const [place, partitions] of byPlace(checkpoints)) {
    const read = views.readLog(place, streamPrefix(reader.category), mostAtOnce)
    if (E.isLeft(read)) return read
    const { next, atEnd } = read.right
    if (!atEnd) isLevel = false
    if (next === place) continue
    const items = itemsIn(reader, read.right)
    for (const partition of partitions) {
      const done = takeInto(levelled, views, partition, items, next)
      if (E.isLeft(done)) return done
    }
  }
  return E.right(isLevel)
}

/** Whether the log holds the last event that each partition took in, and reaches as far as it was read. */
export const standsOnLog = (views: ViewsBesideLog, build: Generation): boolean =>
  views
    .checkpoints(build.id)
    .every(
      ({ anchor, position }) =>
        views.reaches(position) &&
        (anchor === undefined || views.holds(anchor.stream, BigInt(anchor.revision), anchor.id))
    )
