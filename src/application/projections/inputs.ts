import * as E from 'fp-ts/Either'
import type { Failure } from '../../domain/failure.ts'
import { having, type Rules } from '../../domain/parsing/having.ts'
import { noOthers } from '../../domain/parsing/known-members.ts'
import { both, keeping, matching, oneOf, optional, type Parsed, type Parser } from '../../domain/parsing/parsed.ts'
import { reading } from '../../domain/parsing/reading.ts'
import { func, isMembers, millis, string } from '../../domain/parsing/values.ts'
import type { Checkpoint } from '../ports/view-store.ts'
import { signal } from '../requests/signal.ts'
import { text } from '../requests/text.ts'
import { defaultLimits } from '../settings.ts'
import { ownCopy } from './own-copy.ts'
import { nameAndVersion } from './projection.ts'
import type { RebuildProgress } from './rebuild.ts'
import type { PoisonRule } from './take-batch.ts'

/** How a projection or a sink is run. */
export type RunInput = {
  /** Into how many parts the keys are divided, each with a runner of its own; 64 at most, 1 where it is left out. */
  readonly partitions?: number | undefined
  /** How many events go into one transaction at most, fewer of large ones. 1,000 where it is left out. */
  readonly batchSize?: number | undefined
  /** How long an event waits for company on a quiet log, ms. 2 where it is left out. */
  readonly lingerMs?: number | undefined
  /** How long what may pass is tried again, ms. 60,000 where it is left out. */
  readonly patienceMs?: number | undefined
  /** `none` where somebody else sees to it that there is one runner: then only the checkpoint tells two apart. */
  readonly lease?: 'none' | undefined
  /** Ends the run, as `stop` does. */
  readonly signal?: AbortSignal | undefined
  /** Told of each checkpoint. */
  readonly onCheckpoint?: ((partition: number, checkpoint: Checkpoint) => void) | undefined
  /** Told of each failure that is tried again. */
  readonly onRetry?: ((partition: number, failure: Failure) => void) | undefined
}

/** How a view is rebuilt. */
export type RebuildInput = Pick<RunInput, 'partitions' | 'batchSize' | 'signal' | 'lease'> & {
  /** What becomes of poison: `fail`, which is the default here, or `park`. */
  readonly poison?: PoisonRule | undefined
  /** Told how far it is. */
  readonly onProgress?: ((progress: RebuildProgress) => void) | undefined
}

/** How long to wait. */
export type WaitInput = {
  /** At most, ms; 10,000 where it is left out. */
  readonly withinMs?: number | undefined
  /** Gives it up. */
  readonly signal?: AbortSignal | undefined
}

// What projections are asked, held against its rules: `InvalidInput` with its path, `LimitExceeded` for a text that is too long.

const whole = (least: number, most: number): Parser<number | undefined> =>
  optional(
    matching(
      (value): value is number => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most,
      `must be a whole number from ${least} to ${most}`
    )
  )

const dayMs = 86_400_000

/** What keeps the rules, as it is now; what throws as it is read is refused. */
const taking =
  (rules: Rules, wanted: string, known: Parser<unknown> = (_, value) => E.right(value)) =>
  <A>(given: A): Parsed<A> =>
    reading('$', () => {
      const members = both(keeping(isMembers, wanted), known)('$', given)
      if (E.isLeft(members)) return members
      const copy = ownCopy(given, Object.keys(rules))
      const parsed = having(rules)('$', copy)
      return E.isLeft(parsed) ? parsed : E.right(copy)
    })

const options = (rules: Rules) =>
  taking(
    rules,
    'must be an object',
    noOthers(Object.fromEntries(Object.keys(rules).map((name) => [name, true] as const)))
  )

const feeding: Rules = {
  partitions: whole(1, 64),
  batchSize: whole(1, 10_000),
  lease: optional(oneOf('none')),
  signal
}

export const runOptions = options({
  ...feeding,
  lingerMs: whole(0, 1000),
  patienceMs: whole(0, 30 * dayMs),
  onCheckpoint: optional(func),
  onRetry: optional(func)
})

export const rebuildOptions = options({
  ...feeding,
  poison: optional(oneOf('park', 'fail')),
  onProgress: optional(func)
})

export const verifyOptions = options({ signal, onProgress: optional(func) })

export const waitOptions = options({ withinMs: optional(millis), signal })

const bounded: Parser<string> = (path, value) => text(defaultLimits, path, value)

/** Text that says something: it is kept who left an event out, and why. */
const said = (wanted: string): Parser<string> =>
  both(
    keeping((value) => typeof value === 'string' && value.trim() !== '', wanted),
    bounded
  )

export const intervention = options({
  recordId: bounded,
  actor: said('must say who does it'),
  reason: said('must say why')
})

export const sink = taking({ ...nameAndVersion, begin: func, apply: func }, 'must be a sink')

/** The name of a view, which need not be there. */
export const viewName = (name: unknown): Parsed<string> => bounded('$.name', name)

/** A position in the log, or `end`. */
export const position = (given: unknown): Parsed<string> => bounded('$.position', given)

export const rowName = (row: unknown): Parsed<string> => string('$.row', row)

export const rowTaker = (take: unknown): Parsed<unknown> => func('$.take', take)

export const walkOptions = options({ after: optional(string) })

export const pageOptions = options({ after: optional(string), limit: whole(1, 1000) })
