import * as E from 'fp-ts/Either'
import { amended, type Failure } from '../../domain/failure.ts'
import { streamPrefix } from '../../domain/identity.ts'
import type { LogPage, Position } from '../ports/event-store.ts'
import { isFar } from './lag.ts'
import { placesAfter } from './places-after.ts'
import type { Toolkit } from './run.ts'

/** How long it is worth while to look; over so many pages at any rate, unless it is given up. */
export type Patience = {
  readonly isOver: () => boolean
  readonly isGivenUp: () => boolean
}

export type Place = Position | 'start'

/** What was looked for; `Too much` where there was no patience for the rest of the log. */
type Looked<A> = E.Either<Failure | 'Too much', A>

const tooMuch = E.left('Too much' as const)

const isEnough = ({ isOver, isGivenUp }: Patience, pages: number): boolean => isGivenUp() || (isFar(pages) && isOver())

const positionsOn = ({ events, unreadable = [] }: LogPage): ReadonlyArray<Position> =>
  [...unreadable, ...events].map(({ position }) => position)

/** What lies behind a place, page by page, for as long as there is patience; a log may grow as quickly as it is read. */
async function* behind(
  toolkit: Toolkit,
  place: Place,
  patience: Patience
): AsyncGenerator<Looked<ReadonlyArray<Position>>, void> {
  let pages = 0
  for await (const page of placesAfter(toolkit, place)) {
    yield E.isLeft(page) ? page : E.right(positionsOn(page.right))
    if (E.isLeft(page) || page.right.atEnd) return
    if (isEnough(patience, ++pages)) return yield tooMuch
  }
}

/** Whether a position is among what lies behind a place. */
const isBehind = async (
  toolkit: Toolkit,
  place: Place,
  position: Position,
  patience: Patience
): Promise<Looked<boolean>> => {
  for await (const page of behind(toolkit, place, patience)) {
    if (E.isLeft(page)) return page
    if (page.right.includes(position)) return E.right(true)
  }
  return E.right(false)
}

/** The position of the first event behind a place; nothing where that is the end of the log. */
const firstBehind = async (
  { store, category, nextTurn }: Toolkit,
  place: Place,
  patience: Patience
): Promise<Looked<Position | undefined>> => {
  let after = place
  for (let pages = 1; ; pages++) {
    const page: E.Either<Failure, LogPage> = await store.readAll(after, streamPrefix(category), 1)()
    if (E.isLeft(page)) return page
    const [first] = positionsOn(page.right)
    if (first !== undefined || page.right.atEnd) return E.right(first)
    if (isEnough(patience, pages)) return tooMuch
    after = page.right.next
    await nextTurn()
  }
}

/** What the store takes for no position is what the caller gave, by the caller's name for it. */
const ofPosition = (failed: Failure | 'Too much'): Failure | 'Too much' =>
  failed !== 'Too much' && failed._tag === 'InvalidInput' ? amended(failed, { path: '$.position' }) : failed

/**
 * Whether all places are as far as a position, so that no event lies between: then the first event behind the position is
 * the first one behind the place, or is not behind that at all. `AtEnd` where nothing is behind either, so that the
 * position may be one that no event has yet.
 */
export const haveAllPassed = async (
  toolkit: Toolkit,
  places: ReadonlyArray<Place>,
  position: Position,
  patience: Patience
): Promise<Looked<'Yes' | 'No' | 'AtEnd'>> => {
  const next = await firstBehind(toolkit, position, patience)
  if (E.isLeft(next)) return E.left(ofPosition(next.left))
  for (const place of places) {
    if (place === position) continue
    const first = await firstBehind(toolkit, place, patience)
    if (E.isLeft(first)) return first
    if (first.right === undefined || first.right === next.right) continue
    if (next.right === undefined) return E.right('No')
    const isAhead = await isBehind(toolkit, place, next.right, patience)
    if (E.isLeft(isAhead)) return isAhead
    if (isAhead.right) return E.right('No')
  }
  if (places.length === 0) return E.right('No')
  return E.right(next.right === undefined && !places.includes(position) ? 'AtEnd' : 'Yes')
}

/** Whether an event of any stream stands at a position, or behind it, as seen from a place before it. */
export const isInLog = async (
  { store, nextTurn }: Toolkit,
  place: Place,
  position: Position,
  patience: Patience
): Promise<Looked<boolean>> => {
  let after = place
  for (let pages = 1; after !== position; pages++) {
    const page: E.Either<Failure, LogPage> = await store.readAll(after, '', 1000)()
    if (E.isLeft(page)) return page
    if (positionsOn(page.right).includes(position)) return E.right(true)
    if (page.right.atEnd) return E.right(false)
    if (isEnough(patience, pages)) return tooMuch
    after = page.right.next
    await nextTurn()
  }
  return E.right(true)
}

/** The position of the last event of the log, as seen from any of these places; nothing where all of them are at its end. */
export const endOf = async (
  toolkit: Toolkit,
  places: ReadonlyArray<Place>,
  patience: Patience
): Promise<Looked<Position | undefined>> => {
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
