import * as E from 'fp-ts/Either'
import type { Failure } from '../../domain/failure.ts'
import type { Position } from '../ports/event-store.ts'
import type { Settings } from '../settings.ts'
import type { Followed } from '../stream/follow.ts'
import { itemOf } from './followed-item.ts'
import type { Item } from './item.ts'

export type Batch = {
  readonly items: ReadonlyArray<Item>
  /** How far the log was read; undefined where nothing was read. */
  readonly position: Position | undefined
  /** Whether the end of the log was reached with it, for the first time. */
  readonly caughtUp: boolean
}

export type BatchOptions = {
  /** How many events go into one transaction at most. */
  readonly size: number
  /** How long events wait for more of them where none is at hand, ms. */
  readonly lingerMs: number
}

/** How long it waits to tell how far the log was read where none of it was for this share, ms: a transaction each time. */
const idleMs = 100

type Next = IteratorResult<E.Either<Failure, Followed>, void>

type Waiting = Pick<Settings, 'timer' | 'nextTurn'>

const nothing = (): undefined => undefined

/** The next message, or undefined where none is at hand after a while. While there is much to read it takes no timer. */
const within = async (next: Promise<Next>, ms: number, { timer, nextTurn }: Waiting): Promise<Next | undefined> => {
  const soon = await Promise.race([next, nextTurn().then(nothing)])
  if (soon !== undefined || ms <= 0) return soon
  const stop = new AbortController()
  const late = timer.sleep(ms, stop.signal)().then(nothing)
  try {
    return await Promise.race([next, late])
  } finally {
    stop.abort()
  }
}

/**
 * Puts what is followed into batches: as many as are at hand, up to the size; on a quiet log an event waits for company
 * no longer than it lingers. The consumer's pace is the log's.
 */
export async function* batches(
  messages: AsyncIterable<E.Either<Failure, Followed>, void>,
  { size, lingerMs }: BatchOptions,
  waiting: Waiting
): AsyncGenerator<E.Either<Failure, Batch>, void> {
  const { timer } = waiting
  const iterator = messages[Symbol.asyncIterator]()
  let items: Array<Item> = []
  let position: Position | undefined
  let toldAt = timer.monotonicMs()
  const patience = (): number => (items.length > 0 ? lingerMs : toldAt + idleMs - timer.monotonicMs())
  const batch = (caughtUp = false): E.Either<Failure, Batch> => {
    const made: Batch = { items, position, caughtUp }
    items = []
    position = undefined
    toldAt = timer.monotonicMs()
    return E.right(made)
  }
  try {
    let next = iterator.next()
    for (;;) {
      const message = position === undefined ? await next : await within(next, patience(), waiting)
      if (message === undefined) {
        yield batch()
        continue
      }
      if (message.done) return
      if (E.isLeft(message.value)) {
        if (items.length > 0) yield batch()
        return yield message.value
      }
      const followed = message.value.right
      if (followed._tag === 'Checkpoint') position = followed.position
      else if (followed._tag === 'CaughtUp') yield batch(true)
      else {
        const item = itemOf(followed)
        items.push(item)
        position = item.position
      }
      if (items.length >= size || (items.length === 0 && position !== undefined && patience() <= 0)) yield batch()
      next = iterator.next()
    }
  } finally {
    await iterator.return?.()
  }
}
