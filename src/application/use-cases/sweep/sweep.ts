import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { type Failure, type FailureTag, failure } from '../../../domain/failure.ts'
import type { RecordId } from '../../../domain/identity.ts'
import type { Engine } from '../../engine/engine.ts'
import type { DueFound, DueKeys, UnreadableKey } from '../../ports/due-keys.ts'
import { parseRequest } from '../../requests/parse-request.ts'
import { expireOne } from './expire-one.ts'
import { givenKeys } from './given-keys.ts'
import { parseSweep, type Sweeping, type SweepOptions, sweepMembers } from './options.ts'

/** So many keys that failed are named; the others are counted. */
const maxNamed = 100

/** So many are known again, so that a key is counted once, however many of its events cannot be read. */
const maxKnown = 10_000

/** What came of a sweep. */
export type SweepSummary = {
  /** `done`: all that was due; `enough`: as many as `maxKeys` allows; `stopped`: the signal came first. */
  readonly ended: 'done' | 'enough' | 'stopped'
  /** How many events of the log were looked at. */
  readonly events: number
  /** How many keys were expired, or are due in a dry run. */
  readonly expired: number
  /** How many looked due and were not: another sweeper was first, or a lease or a doubt holds them. */
  readonly notDue: number
  /** Keys that cannot be read or could not be expired, by record id, the first 100 of them; the sweep went on. */
  readonly failed: ReadonlyArray<UnreadableKey>
  /** How many keys failed, the named and the others. */
  readonly failedCount: number
}

/** Failures of the store and not of a key: where a whole batch meets them, the next one would too. */
const ofTheStore: ReadonlySet<FailureTag> = new Set([
  'StoreFull',
  'StoreReadOnly',
  'StoreUnavailable',
  'AccessDenied',
  'NotAStore'
])

const over = failure('Aborted', 'the sweep is over')

type Tally = { -readonly [K in keyof Omit<SweepSummary, 'failed'>]: SweepSummary[K] } & {
  readonly failed: Array<UnreadableKey>
}

const tallyOf = (): Tally => ({ ended: 'done', events: 0, expired: 0, notDue: 0, failed: [], failedCount: 0 })

const failing = (tally: Tally, known: Set<string>, key: UnreadableKey): void => {
  if (known.has(key.recordId)) return
  if (known.size < maxKnown) known.add(key.recordId)
  tally.failedCount++
  if (tally.failed.length < maxNamed) tally.failed.push(key)
}

/** Expires the keys of one batch at once; fails where none of them could be, all by the store's fault. */
const expireBatch = async (
  expire: ReturnType<typeof expireOne>,
  sweeping: Sweeping,
  tally: Tally,
  batch: ReadonlyArray<RecordId>,
  fail: (key: UnreadableKey) => void
): Promise<Failure | undefined> => {
  const results = await Promise.all(batch.map(async (recordId) => ({ recordId, result: await expire(recordId)() })))
  const faults: Array<Failure> = []
  for (const { recordId, result } of results) {
    if (E.isRight(result)) {
      if (result.right._tag === 'NotDue') tally.notDue++
      else {
        tally.expired++
        sweeping.onExpired(result.right.record)
      }
    } else if (result.left._tag !== 'Aborted' || sweeping.signal?.aborted !== true) {
      faults.push(result.left)
      fail({ recordId, failure: result.left })
    }
  }
  return faults.length === batch.length && faults.every(({ _tag }) => ofTheStore.has(_tag)) ? faults[0] : undefined
}

/** Takes keys that may be due, batch by batch, and waits a random while between two, so that sweepers drift apart. */
const taking = (engine: Engine, sweeping: Sweeping, tally: Tally) => {
  const { timer, random } = engine.settings
  const { maxKeys, batchSize, pauseMs, signal } = sweeping
  const expire = expireOne(engine, sweeping)
  const known = new Set<string>()
  const fail = (key: UnreadableKey): void => failing(tally, known, key)
  let first = true
  return async ({ due, unreadable, events }: DueFound): Promise<Failure | undefined> => {
    tally.events += events
    for (const key of unreadable) fail(key)
    for (let at = 0; at < due.length; ) {
      if (!first) await timer.sleep(random.fraction() * pauseMs, signal)()
      first = false
      const left = maxKeys - tally.expired
      if (signal?.aborted === true || left <= 0) break
      const batch = due.slice(at, at + Math.min(batchSize, left))
      at += batch.length
      const broken = await expireBatch(expire, sweeping, tally, batch, fail)
      sweeping.onProgress({ events: tally.events, expired: tally.expired })
      if (broken !== undefined) return broken
    }
    sweeping.onProgress({ events: tally.events, expired: tally.expired })
    if (signal?.aborted === true) tally.ended = 'stopped'
    else if (tally.expired >= maxKeys) tally.ended = 'enough'
    return tally.ended === 'done' ? undefined : over
  }
}

/**
 * Expires every key that is due by retention: never one in doubt, and no lapsed lease, which is taken over on demand. Safe
 * on many nodes at once: each key is expired once, and whoever comes second finds it not due. A key that cannot be read or
 * expired is named, and ends nothing; a sweep that ended early is run again, and finds what is left. Fails where the log
 * cannot be read, or the store takes no writes at all.
 */
export const sweep =
  (engine: Engine, dueKeys: DueKeys) =>
  (options: SweepOptions = {}): TaskEither<Failure, SweepSummary> =>
  async () => {
    const parsed = parseRequest(engine.settings, parseSweep, options, sweepMembers)
    if (E.isLeft(parsed)) return parsed
    const tally = tallyOf()
    if (parsed.right.signal?.aborted === true) return E.right({ ...tally, ended: 'stopped' })
    const { now, dueKeys: named, signal } = parsed.right
    const source = named === undefined ? dueKeys : givenKeys(named, engine.settings.timer, signal)
    const broken = await source(now, taking(engine, parsed.right, tally))
    return broken === undefined || broken === over ? E.right(tally) : E.left(broken)
  }
