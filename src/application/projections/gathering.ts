import * as E from 'fp-ts/Either'
import type { Failure } from '../../domain/failure.ts'
import type { Position } from '../ports/event-store.ts'
import type { NextTurn } from '../ports/timer.ts'
import type { Followed } from '../stream/follow.ts'
import { itemOf } from './followed-item.ts'
import type { Item } from './item.ts'

/** What was read of a log and is to be handed over together. */
export type Gathered = {
  readonly items: ReadonlyArray<Item>
  /** How far the log was read; undefined where nothing was read. */
  readonly position: Position | undefined
  /** Whether the end of the log was reached with it, for the first time. */
  readonly caughtUp: boolean
}

/** Reads on by itself until there is enough, and then not before that was taken. */
export type Gathering = {
  readonly soFar: () => Gathered
  /** How many messages were read by now, which tells whether there are more than a while ago. */
  readonly count: () => number
  readonly isFull: () => boolean
  /** Why no other message comes, where none does: the source ended or failed. Throws what the source threw. */
  readonly end: () => E.Either<Failure, 'over'> | undefined
  /** Resolves with the next message, or once no other comes. */
  readonly more: () => Promise<void>
  /** Takes what is there. Where it was full, nothing more is read before `goOn`. */
  readonly take: () => Gathered
  readonly goOn: () => void
  readonly stop: () => Promise<void>
}

/** So many messages are read without a turn for others: a log in this very process gives them none by itself. */
const turnEvery = 256

/** So many characters of data and metadata are gathered at most, with one event more: what is large comes in small batches. */
const mostUnits = 16 * 1024 * 1024

const unitsOf = (followed: Followed): number =>
  followed._tag === 'Event' ? followed.decoded.recorded.data.length + followed.decoded.recorded.metadata.length : 0

const nothing: Gathered = { items: [], position: undefined, caughtUp: false }

type Source = AsyncIterator<E.Either<Failure, Followed>, void>

/** Gathers what a source says. A message costs one promise, however many of them are waited for. */
export const gathering = (source: Source, size: number, nextTurn: NextTurn): Gathering => {
  let items: Array<Item> = []
  let { position, caughtUp } = nothing
  let units = 0
  let count = 0
  let end: (() => E.Either<Failure, 'over'>) | undefined
  let isStopped = false
  let tell = (): void => {}
  let goOn = (): void => {}
  const isFull = (): boolean => items.length >= size || units >= mostUnits || caughtUp

  const add = (followed: Followed): void => {
    if (followed._tag === 'CaughtUp') caughtUp = true
    else if (followed._tag === 'Checkpoint') position = followed.position
    else {
      const item = itemOf(followed)
      items.push(item)
      units += unitsOf(followed)
      position = item.position
    }
  }

  const read = async (): Promise<E.Either<Failure, 'over'>> => {
    while (!isStopped) {
      const { done, value } = await source.next()
      if (done === true || value === undefined) break
      if (E.isLeft(value)) return value
      add(value.right)
      count++
      tell()
      if (isFull()) {
        await new Promise<void>((resolve) => {
          goOn = resolve
        })
      } else if (count % turnEvery === 0) await nextTurn()
    }
    return E.right('over')
  }

  const ended = (how: () => E.Either<Failure, 'over'>): void => {
    end = how
    tell()
  }
  read().then(
    (value) => ended(() => value),
    (cause: unknown) =>
      ended(() => {
        throw cause
      })
  )

  const soFar = (): Gathered => ({ items, position, caughtUp })
  return {
    soFar,
    count: () => count,
    isFull,
    end: () => end?.(),
    more: () =>
      new Promise((resolve) => {
        tell = resolve
        if (end !== undefined) resolve()
      }),
    take: () => {
      const taken = soFar()
      items = []
      units = 0
      ;({ position, caughtUp } = nothing)
      return taken
    },
    goOn: () => goOn(),
    stop: async () => {
      isStopped = true
      goOn()
      await source.return?.()
    }
  }
}
