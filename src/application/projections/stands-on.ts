import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../domain/failure.ts'
import { keyStream, recordIdIn } from '../../domain/identity.ts'
import type { Position, RecordedEvent } from '../ports/event-store.ts'
import type { Checkpoint } from '../ports/view-store.ts'
import type { Settings } from '../settings.ts'
import { messageOf } from '../stream/follow.ts'
import { partitionOf } from './partition.ts'
import { placesAfter } from './places-after.ts'
import type { Share } from './sink.ts'

/** What a checkpoint is held against. */
export type StandsReader = Pick<Settings, 'store' | 'category' | 'nextTurn' | 'sha256'>

type Place = Position | 'start'

export const anotherLog = (name: string): Failure =>
  failure(
    'NotAStore',
    `${name} holds what the log does not: it is of another log, or is ahead of one that was restored; rebuild it`
  )

/**
 * The place of the last event that a checkpoint took in; none where the log cannot tell it any more. `NotAStore` where the
 * log does not hold the event, and the store did not remove it by its rules.
 */
export const anchorPlace = async (
  { store }: Pick<StandsReader, 'store'>,
  name: string,
  { anchor, events }: Checkpoint
): Promise<E.Either<Failure, Place | undefined>> => {
  // what it took in without an anchor could not be read
  if (anchor === undefined) return E.right(events === 0 ? 'start' : undefined)
  const revision = BigInt(anchor.revision)
  const read = await store.readStream(anchor.stream, 'forwards', revision, 1)()
  // one that cannot be read is there
  if (E.isLeft(read)) return read.left._tag === 'CorruptStream' ? E.right(undefined) : read
  const [event] = read.right
  if (event?.id === anchor.id) return E.right(event.position)
  if (store.isRemoved === undefined || store.continuesAfterDelete !== true) return E.left(anotherLog(name))
  const removed = await store.isRemoved(anchor.stream, revision)()
  if (E.isLeft(removed)) return removed
  return removed.right ? E.right(undefined) : E.left(anotherLog(name))
}

/** What the log holds of a share after a place: its first event, or where the log ends; or whether another place came before. */
type Ahead =
  | { readonly _tag: 'Reached' }
  | { readonly _tag: 'First'; readonly id: string }
  | { readonly _tag: 'None'; readonly end: Place; readonly isUnreadable: boolean }

/** Whether it is not worth while to look at more pages than so many. */
export type IsEnough = (pages: number) => boolean

type Looking = Share & { readonly reader: StandsReader; readonly isEnough: IsEnough }

/** `Reached` also where so much was looked at that it is enough. */
const aheadOf = async (
  { reader, partition, partitions, isEnough }: Looking,
  after: Place,
  until?: Place
): Promise<E.Either<Failure, Ahead>> => {
  const isKey = keyStream(reader.category)
  const isOfShare = ({ stream }: RecordedEvent): boolean =>
    isKey(stream) && partitionOf(recordIdIn(stream), partitions) === partition
  let isUnreadable = false
  let end = after
  let pages = 0
  for await (const page of placesAfter(reader, after)) {
    if (E.isLeft(page)) return page
    const { events, unreadable, next } = page.right
    for (const event of events) {
      if (isOfShare(event)) {
        if (messageOf(reader.sha256, event)._tag === 'Event') return E.right({ _tag: 'First', id: event.id })
        isUnreadable = true
      }
      if (event.position === until) return E.right({ _tag: 'Reached' })
    }
    isUnreadable ||= unreadable !== undefined
    end = next
    if (end === until || isEnough(++pages)) return E.right({ _tag: 'Reached' })
  }
  return E.right({ _tag: 'None', end, isUnreadable })
}

/**
 * From where on the log holds what a checkpoint did not take in. That is its position, unless that came of a log that was
 * restored since: positions are opaque, and the restored log gives the same ones to other events. But its last event is
 * there still, and nothing of the share lies between that and the position; where something does, or where the position is
 * beyond the log, all after the event is new. `NotAStore` where the log does not hold that event. Where so much lies in
 * between that it is enough, it is taken to be the position.
 */
export const standsAt = async (
  reader: StandsReader,
  name: string,
  checkpoint: Checkpoint,
  share: Share,
  isEnough: IsEnough = () => false
): Promise<E.Either<Failure, Place>> => {
  const { position } = checkpoint
  const anchored = await anchorPlace(reader, name, checkpoint)
  if (E.isLeft(anchored)) return anchored
  const anchor = anchored.right
  if (anchor === undefined || anchor === position) return E.right(position)
  const looking: Looking = { ...share, reader, isEnough }
  const wanted = await aheadOf(looking, anchor, position)
  if (E.isLeft(wanted)) return wanted
  if (wanted.right._tag === 'Reached') return E.right(position)
  // the position may be one that no event has, and that no page ends at
  const found = await aheadOf(looking, position)
  if (E.isLeft(found)) return found
  if (found.right._tag === 'Reached') return E.right(position)
  if (wanted.right._tag === 'First') {
    const isSame = found.right._tag === 'First' && found.right.id === wanted.right.id
    return E.right(isSame ? position : anchor)
  }
  // a position beyond the end of the log has nothing after it, yet
  const isWithin = found.right._tag === 'First' || found.right.isUnreadable || found.right.end !== position
  return E.right(isWithin ? position : wanted.right.end)
}
