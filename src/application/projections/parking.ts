import * as E from 'fp-ts/Either'
import { type Failure, failure, invalidInput } from '../../domain/failure.ts'
import { recordIdIn } from '../../domain/identity.ts'
import type { Generation, ParkedKey, SkippedEvent } from '../ports/view-store.ts'
import { decodeRecorded } from '../stream/event-text.ts'
import { entryOf } from '../use-cases/history.ts'
import { rowNamed } from './fold-rows.ts'
import type { Item } from './item.ts'
import { askingLive, liveOf, noView, standingOf } from './live-build.ts'
import type { Projection } from './projection.ts'
import type { Toolkit } from './run.ts'
import { takeBatch } from './take-batch.ts'
import { buildGone } from './view-sink.ts'

/** What an operator does about a key that waits, and who and why. */
export type Intervention = {
  /** The record id of the key. */
  readonly recordId: string
  /** `retry`: all that waits is taken in, where it can be now. `skip`: but for the event that is poison. */
  readonly action: 'retry' | 'skip'
  /** Who decided it. */
  readonly actor: string
  /** Why, in words. */
  readonly reason: string
}

/** How it went: nothing waits any more, or the key waits again, by this or by a later event. */
export type Intervened = {
  /** How many events were taken in. */
  readonly taken: number
  /** The key, where it waits again. */
  readonly parked: ParkedKey | undefined
}

const mostTries = 50
const pageSize = 256

/**
 * A read of a stream does not tell where in the log that is which cannot be read. But for the event at which the key
 * stopped, its place in the stream stands for it: no two that are left out may have the same.
 */
const placeOf = ({ position, revision }: ParkedKey, stream: string, at: bigint): string =>
  position !== '' && revision === `${at}` ? position : `${stream}@${at}`

/** The events of a key that wait, as the log has them now. */
const waitingOf = async (
  { store, sha256, nextTurn }: Toolkit,
  key: ParkedKey
): Promise<E.Either<Failure, ReadonlyArray<Item>>> => {
  const { stream, revision, lastRevision = revision, recordId } = key
  if (stream === undefined || revision === undefined || lastRevision === undefined) return E.right([])
  const items: Array<Item> = []
  const last = BigInt(lastRevision)
  let most = pageSize
  for (let next = BigInt(revision); next <= last; ) {
    const count = Math.min(Number(last - next + 1n), most)
    const read = await store.readStream(stream, 'forwards', next, count)()
    if (E.isLeft(read)) {
      if (read.left._tag !== 'CorruptStream') return read
      // a page fails as a whole: which of its events it is, only a read of each tells
      most = 1
      if (count > 1) continue
      // it still cannot be read: whoever skips it needs what comes after it
      const position = placeOf(key, stream, next)
      items.push({ _tag: 'Unreadable', recordId, position, stream, revision: next, failure: read.left })
      next += 1n
      continue
    }
    most = Math.min(2 * most, pageSize)
    if (read.right.length === 0) {
      return E.left(failure('CorruptStream', `${recordId}: its event at revision ${next} is not there`, { recordId }))
    }
    for (const recorded of read.right) {
      const decoded = decodeRecorded(sha256)(recorded)
      const { position, revision: at } = recorded
      items.push(
        E.isRight(decoded)
          ? { _tag: 'Event', recordId: recordIdIn(stream), position, entry: entryOf(decoded.right) }
          : { _tag: 'Unreadable', recordId, position, stream, revision: at, failure: decoded.left }
      )
      next = at + 1n
    }
    await nextTurn()
  }
  return E.right(items)
}

const once = async <S>(
  toolkit: Toolkit,
  projection: Projection<S>,
  build: Generation,
  { recordId, action, actor, reason }: Intervention
): Promise<E.Either<Failure, Intervened | 'Moved'>> => {
  const { views, clock } = toolkit
  const { id: generation, partitions } = build
  const stands = await standingOf(views, build)
  if (E.isLeft(stands)) return stands
  const key = stands.right.parked.find((one) => one.recordId === recordId)
  if (key === undefined) return E.left(invalidInput(`${recordId} does not wait in ${projection.name}`, '$.recordId'))
  const { partition } = key
  if (partition >= partitions) return E.left(buildGone(projection.name))
  const waiting = await waitingOf(toolkit, key)
  if (E.isLeft(waiting)) return waiting
  if (key.stream === undefined && action === 'retry') {
    return E.left(invalidInput(`nobody can name the stream of the event at ${recordId}: it can only be skipped`))
  }
  const items = action === 'skip' ? waiting.right.slice(1) : waiting.right
  const names = items.flatMap((item) => rowNamed(projection, item) ?? [])
  const loaded = await views.load({ generation, partition }, [...new Set(names)])()
  if (E.isLeft(loaded)) return loaded
  if (loaded.right === 'Gone') return E.left(buildGone(projection.name))
  const { seq, epoch, checkpoint, rows, parked, skipped } = loaded.right
  const still = parked.find((one) => one.recordId === recordId)
  if (still?.waiting !== key.waiting || still.revision !== key.revision) return E.right('Moved')
  const event: SkippedEvent = {
    recordId,
    revision: key.revision,
    position: waiting.right[0]?.position ?? key.position,
    actor,
    reason,
    skippedAtMs: clock()
  }
  const others = parked.filter((one) => one !== still)
  const taken = takeBatch(projection, partition, { rows, parked: others, skipped }, items, 'park', clock())
  if (E.isLeft(taken)) return taken
  const committed = await views.commit({
    ...{ generation, partition, epoch, seq, checkpoint, ...taken.right },
    unparked: [recordId],
    ...(action === 'skip' && { skipped: event })
  })()
  if (E.isLeft(committed)) return committed
  if (committed.right === 'Gone') return E.left(buildGone(projection.name))
  if (committed.right !== 'Committed') return E.right('Moved')
  const again = taken.right.parked.find((one) => one.recordId === recordId)
  return E.right({ taken: items.length - (again?.waiting ?? 0), parked: again })
}

const interveneNow = async <S>(
  toolkit: Toolkit,
  projection: Projection<S>,
  intervention: Intervention
): Promise<E.Either<Failure, Intervened>> => {
  const build = await liveOf(toolkit.views, projection.name)
  if (E.isLeft(build)) return build
  if (build.right === undefined) return E.left(noView(projection.name))
  for (let n = 0; n < mostTries; n++) {
    const done = await once(toolkit, projection, build.right, intervention)
    if (E.isLeft(done)) return done
    if (done.right !== 'Moved') return E.right(done.right)
    await toolkit.nextTurn()
  }
  return E.left(failure('Contended', `the runner of ${projection.name} was in the way each time: nothing was written`))
}

/**
 * Takes in what waits of a key, or leaves the event out at which it stopped; beside a runner that goes on meanwhile.
 * `InvalidInput` where the key does not wait.
 */
export const intervene = <S>(
  toolkit: Toolkit,
  projection: Projection<S>,
  intervention: Intervention
): Promise<E.Either<Failure, Intervened>> =>
  askingLive(projection.name, () => interveneNow(toolkit, projection, intervention))
