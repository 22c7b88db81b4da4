import { randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { sleep } from '../../src/adapters/node/timer.ts'
import { type EventStoreDbStoreOptions, openEventStoreDbStore } from '../../src/eventstoredb.ts'
import { createLedger, type EventStore, type RecordedEvent } from '../../src/index.ts'
import { readLog } from '../support/read-log.ts'
import { callUntil } from './callers.ts'
import type { Cluster } from './cluster.ts'
import { type Figures, figuresOf, longestSilence } from './figures.ts'
import { type Fault, judge } from './judge.ts'
import { startProber } from './prober.ts'
import { strikeLine, summary } from './report.ts'
import { watchStalls } from './stalls.ts'
import { type Kind, type Pace, type Strike, strikeAll, usualPace } from './strikes.ts'
import { isAnswered, type Told, tookMs } from './told.ts'

export type Chaos = {
  readonly cluster: Cluster
  readonly kinds: ReadonlyArray<Kind>
  readonly seconds: number
  /** Of the ledgers, and of their stores, ms. */
  readonly deadlineMs: number
  readonly storeDeadlineMs?: number | undefined
  /** How much later than its deadline an answer may come, ms, beside the time for which this process was held up. */
  readonly lateMs: number
  readonly chance: () => number
  readonly print: (line: string) => void
  /** Ends the run early; what was told until then is judged all the same. */
  readonly signal: AbortSignal
  /** Asked after each strike: ends the run early too. */
  readonly isEnough?: (strikes: ReadonlyArray<Strike>, figures: Figures) => boolean
  readonly pace?: Pace
}

export type Outcome = {
  readonly strikes: ReadonlyArray<Strike>
  readonly figures: Figures
  readonly faults: ReadonlyArray<Fault>
}

const callers = 32
/** How long the last append, and then the log that holds it, may be waited for, ms. */
const settleMs = 120_000

/** The log, once it holds the last event that was appended: before that it is the log of a node that is behind. */
const settledLog = async (
  store: EventStore,
  category: string,
  lastId: string
): Promise<ReadonlyMap<string, ReadonlyArray<RecordedEvent>>> => {
  const probes = `${category}-probe`
  const endsAt = performance.now() + settleMs
  do {
    const streams = await readLog(store, `${category}-`)
    if (streams.get(probes)?.some(({ id }) => id === lastId)) {
      return new Map([...streams].filter(([name]) => name !== probes))
    }
    await sleep(100)
  } while (performance.now() < endsAt)
  throw new Error(`the log did not get to what was written last within ${settleMs} ms`)
}

/** Callers and strikes side by side, until both are over; the strikes end the callers. */
const trouble = async (chaos: Chaos, stores: ReadonlyArray<EventStore>, category: string) => {
  const { cluster, deadlineMs, print } = chaos
  const stalls = watchStalls()
  const atMostMs = deadlineMs + chaos.lateMs
  const isLate = (one: Told): boolean =>
    tookMs(one) > atMostMs && tookMs(one) - stalls.within(one.beganAt + deadlineMs, one.endedAt) > atMostMs
  const ledgers = stores.map((store) => createLedger({ store, category, deadlineMs }))
  const told: Array<Told> = []
  const strikes: Array<Strike> = []
  const prober = startProber(cluster.connection, `${category}-probe`)
  const enough = new AbortController()
  const struckEnough = new AbortController()
  const from = performance.now()
  const calling = callUntil({
    ledgers,
    count: callers,
    chance: chaos.chance,
    note: (one) => void told.push(one),
    signal: enough.signal
  })
  try {
    await strikeAll({
      cluster,
      kinds: chaos.kinds,
      pace: chaos.pace ?? usualPace,
      forMs: chaos.seconds * 1000,
      // for the callers too: on a busy machine they could be struck again and again before they had any answer
      isBack: (since) => (prober.answeredAt.at(-1) ?? 0) > since && (told.findLast(isAnswered)?.endedAt ?? 0) > since,
      onStrike: (strike) => {
        strikes.push(strike)
        const silence = longestSilence(prober.answeredAt, strike.from, strike.to)
        print(strikeLine(strike, figuresOf(told, strike.from, strike.to, isLate), silence))
        if (chaos.isEnough?.(strikes, figuresOf(told, from, strike.to, isLate))) struckEnough.abort()
      },
      signal: AbortSignal.any([chaos.signal, struckEnough.signal])
    })
  } finally {
    enough.abort()
    await calling
    await prober.stop()
    stalls.stop()
    await Promise.all(ledgers.map((ledger) => ledger.dispose()))
  }
  const lastId = await prober.last(settleMs)
  if (lastId === undefined) throw new Error(`the cluster took nothing for ${settleMs} ms`)
  return { told, strikes, lastId, isLate, figures: figuresOf(told, from, performance.now(), isLate) }
}

/**
 * Callers over two ledgers while nodes are struck, and every answer held against the log afterwards. Throws where the
 * cluster cannot be struck, does not come back, or cannot be read.
 */
export const runChaos = async (chaos: Chaos): Promise<Outcome> => {
  const options: EventStoreDbStoreOptions = {
    connectionString: chaos.cluster.connection,
    ...(chaos.storeDeadlineMs !== undefined && { deadlineMs: chaos.storeDeadlineMs })
  }
  const category = `chaos_${randomUUID().replaceAll('-', '')}`
  const stores = [await openEventStoreDbStore(options), await openEventStoreDbStore(options)]
  // whoever judges has no part in what is judged
  const bystander = await openEventStoreDbStore({ ...options, deadlineMs: settleMs })
  try {
    const { told, strikes, lastId, isLate, figures } = await trouble(chaos, stores, category)
    const streams = await settledLog(bystander, category, lastId)
    const faults = judge({ category, told, streams, isLate })
    for (const line of summary(strikes.length, figures, faults)) chaos.print(line)
    return { strikes, figures, faults }
  } finally {
    await Promise.all([...stores, bystander].map((store) => store.dispose()))
  }
}
