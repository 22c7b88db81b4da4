import * as E from 'fp-ts/Either'
import type { EventStore, LogPage, Position } from '../../application/ports/event-store.ts'
import { type Failure, failure } from '../../domain/failure.ts'
import { streamPrefix } from '../../domain/identity.ts'
import type { Check } from '../../interfaces/cli/deps.ts'
import { defaultCategory } from '../category.ts'
import { fail, ok, warn } from './check.ts'

const pageSize = 500

/** For so long the log is looked at; verify looks at all of it. */
const withinMs = 2000

/** Clocks of one network seldom differ by more. */
const mostAheadMs = 5000

type Seen = { events: number; unreadable: number; newestMs: number; isWhole: boolean }

const look = async (
  store: Pick<EventStore, 'readAll'>,
  category: string,
  now: () => number
): Promise<E.Either<Failure, Seen>> => {
  const seen: Seen = { events: 0, unreadable: 0, newestMs: Number.NEGATIVE_INFINITY, isWhole: false }
  const end = now() + withinMs
  let after: Position | 'start' = 'start'
  while (!seen.isWhole && now() < end) {
    const read: E.Either<Failure, LogPage> = await store.readAll(after, streamPrefix(category), pageSize)()
    if (E.isLeft(read)) return read
    const { events, unreadable = [], next, atEnd } = read.right
    seen.events += events.length
    seen.unreadable += unreadable.length
    for (const { recordedAtMs } of events) seen.newestMs = Math.max(seen.newestMs, recordedAtMs)
    if (next === after && !atEnd) return E.left(failure('StoreUnavailable', 'the log of the store has no end'))
    after = next
    seen.isWhole = atEnd
  }
  return E.right(seen)
}

const clock = ({ newestMs }: Seen, nowMs: number): Check => {
  const ahead = newestMs - nowMs
  return ahead > mostAheadMs
    ? warn(
        'clock',
        `the store recorded something ${Math.round(ahead / 1000)} s after the present`,
        'set the clocks of this machine and of the store by one source: leases are held against them'
      )
    : ok('clock', new Date(nowMs).toISOString())
}

/** Whether the store answers, what its log looks like, and whether its clock and ours agree. */
export const logChecks = async (
  store: Pick<EventStore, 'readAll'>,
  category = defaultCategory,
  now: () => number
): Promise<E.Either<Failure, ReadonlyArray<Check>>> => {
  const read = await look(store, category, now)
  if (E.isLeft(read)) return read
  const { events, unreadable, isWhole } = read.right
  const found = `${events} events read${isWhole ? ', which is all' : `, which is what ${withinMs / 1000} s were enough for`}`
  return E.right([
    ok('store', 'answers'),
    unreadable === 0
      ? ok('log', found)
      : fail(
          'log',
          `${found}; ${unreadable} cannot be read`,
          'keyfold verify names them; restore these keys from a backup'
        ),
    clock(read.right, now())
  ])
}
