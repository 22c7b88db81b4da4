import * as E from 'fp-ts/Either'
import type { Failure } from '../../domain/failure.ts'
import type { Settings } from '../settings.ts'
import type { Followed } from '../stream/follow.ts'
import { type Gathered, type Gathering, gathering } from './gathering.ts'

export type BatchOptions = {
  /** How many events go into one transaction at most. */
  readonly size: number
  /** How long events wait for more of them where none is at hand, ms. */
  readonly lingerMs: number
}

/** How long it waits to tell how far the log was read where none of it was for this share, ms: a transaction each time. */
const idleMs = 100

type Waiting = Pick<Settings, 'timer' | 'nextTurn'>

/** Whether there was another message, or the end, within a time. */
const moreWithin = async ({ more }: Gathering, ms: number, { timer }: Waiting): Promise<boolean> => {
  if (ms <= 0) return false
  const stop = new AbortController()
  const late = timer
    .sleep(ms, stop.signal)()
    .then(() => false)
  try {
    return await Promise.race([more().then(() => true), late])
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
): AsyncGenerator<E.Either<Failure, Gathered>, void> {
  const { timer, nextTurn } = waiting
  const gathered = gathering(messages[Symbol.asyncIterator](), size, nextTurn)
  const { count, soFar, isFull, end, more, take, goOn, stop } = gathered
  let toldAt = timer.monotonicMs()
  const hasItems = (): boolean => soFar().items.length > 0
  const patience = (): number => (hasItems() ? lingerMs : toldAt + idleMs - timer.monotonicMs())
  const isOpen = (): boolean => !isFull() && end() === undefined

  /** Until there is enough, or no other comes. While there is much to read it takes no timer. */
  const enough = async (): Promise<void> => {
    if (soFar().position === undefined && isOpen()) await more()
    while (isOpen() && (hasItems() || patience() > 0)) {
      const before = count()
      await nextTurn()
      const isQuiet = count() === before && isOpen()
      if (isQuiet && !(await moreWithin(gathered, patience(), waiting))) return
    }
  }

  try {
    for (;;) {
      await enough()
      const ended = end()
      toldAt = timer.monotonicMs()
      if (ended === undefined || (E.isLeft(ended) && hasItems())) yield E.right(take())
      if (ended !== undefined) return E.isLeft(ended) ? yield ended : undefined
      goOn()
    }
  } finally {
    await stop()
  }
}
