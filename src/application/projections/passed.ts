import * as E from 'fp-ts/Either'
import type { Failure } from '../../domain/failure.ts'
import type { LogPage, Position } from '../ports/event-store.ts'
import { mostPages } from './lag.ts'
import { placesAfter } from './places-after.ts'
import type { Toolkit } from './run.ts'

/** How long it is worth while to look; over so many pages at any rate, unless it is given up. */
export type Patience = {
  readonly isOver: () => boolean
  readonly isGivenUp: () => boolean
}

type Place = Position | 'start'

const positionsOn = ({ events, unreadable = [] }: LogPage): ReadonlyArray<Position> =>
  [...unreadable, ...events].map(({ position }) => position)

/** What lies behind a place, page by page, for as long as there is patience; a log may grow as quickly as it is read. */
async function* behind(
  toolkit: Toolkit,
  place: Place,
  { isOver, isGivenUp }: Patience
): AsyncGenerator<E.Either<Failure | 'Too much', ReadonlyArray<Position>>, void> {
  let pages = 0
  for await (const page of placesAfter(toolkit, place)) {
    yield E.isLeft(page) ? page : E.right(positionsOn(page.right))
    if (E.isLeft(page) || page.right.atEnd) return
    if (isGivenUp() || (++pages >= mostPages && isOver())) return yield E.left('Too much')
  }
}

/** Whether all places are as far as the event at a position: it is not among what is behind them. Unknown is no. */
export const haveAllPassed = async (
  toolkit: Toolkit,
  places: ReadonlyArray<Place>,
  position: Position,
  patience: Patience
): Promise<E.Either<Failure, boolean>> => {
  for (const place of places) {
    if (place === position) continue
    for await (const page of behind(toolkit, place, patience)) {
      if (E.isLeft(page)) return page.left === 'Too much' ? E.right(false) : E.left(page.left)
      if (page.right.includes(position)) return E.right(false)
    }
  }
  return E.right(places.length > 0)
}

/** The position of the last event of the log, as seen from any of these places; nothing where all of them are at its end. */
export const endOf = async (
  toolkit: Toolkit,
  places: ReadonlyArray<Place>,
  patience: Patience
): Promise<E.Either<Failure | 'Too much', Position | undefined>> => {
  for (const place of places) {
    let last: Position | undefined
    for await (const page of behind(toolkit, place, patience)) {
      if (E.isLeft(page)) return page
      last = page.right.at(-1) ?? last
    }
    if (last !== undefined) return E.right(last)
  }
  return E.right(undefined)
}
