import * as E from 'fp-ts/Either'
import type { Sha256 } from '../../domain/hash-parts.ts'
import type { Clock } from '../ports/clock.ts'
import { clockTime } from '../ports/clock-time.ts'
import type { Nesting } from '../ports/nesting.ts'
import type { Random } from '../ports/random.ts'
import type { Timer } from '../ports/timer.ts'
import type { Moment } from './lease-schedule.ts'

/** What `once` needs beside a ledger: the ledger's own, unless it is told otherwise. */
export type Surroundings = {
  readonly clock: Clock
  readonly timer: Timer
  readonly random: Random
  readonly sha256: Sha256
  readonly nesting: Nesting
  /** How long after its end a lease still counts as running, ms. */
  readonly clockSkewMs: number
  /** Of so many values what is stored is at most. Each takes a byte: where there are more, nobody has to count the bytes. */
  readonly maxValues: number
}

/** The present. A clock that fails leaves the monotonic time to go by. */
export const momentNow = ({ clock, timer }: Pick<Surroundings, 'clock' | 'timer'>): Moment => {
  const now = clockTime(clock)
  return { monotonicMs: timer.monotonicMs(), clockMs: E.isLeft(now) ? undefined : now.right }
}
