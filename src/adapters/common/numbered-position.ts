import * as E from 'fp-ts/Either'
import type { Position, StoreError } from '../../application/ports/event-store.ts'
import { invalidInput } from '../../domain/failure.ts'
import { quoted } from '../../domain/text.ts'

// Stores that count their events from 1 give the count as a position, and `start` in place of 0.

const form = /^\d{1,16}$/

export const toPosition = (count: number): Position | 'start' => (count === 0 ? 'start' : String(count))

/** Reads a position that such a store gave before. */
export const fromPosition = (position: Position | 'start'): E.Either<StoreError, number> => {
  if (position === 'start') return E.right(0)
  const count = form.test(position) ? Number(position) : Number.NaN
  return Number.isSafeInteger(count)
    ? E.right(count)
    : E.left(invalidInput(`"${quoted(position)}" is no position of this store's log: it must be a whole number`))
}
