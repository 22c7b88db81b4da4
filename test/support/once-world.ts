import type { OnceAnswer } from '../../src/application/effects/once-answer.ts'
import type { HistoryEntry } from '../../src/application/use-cases/history.ts'
import { createLedger, type Ledger, type LedgerOptions } from '../../src/composition/ledger.ts'
import { type OnceOptions, once } from '../../src/composition/once.ts'
import type { Task } from '../../src/composition/once-faces.ts'
import { keyOf } from './scripted-ledger.ts'
import { scriptedStore } from './scripted-store.ts'
import { seededChance } from './seeded-chance.ts'
import { virtualTime } from './virtual-time.ts'

/** A lease, in virtual time. */
export const leaseMs = 30_000

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Two ledgers on one store, as in two processes, in virtual time that stands still until it is told to pass. */
export const onceWorld = (options: Partial<LedgerOptions> = {}) => {
  const time = virtualTime({ eager: false })
  /** How far the clock is from the time that passes; a test makes it leap. */
  const clock = { offset: 1_000_000 }
  const store = scriptedStore()
  const shared = { clock: () => clock.offset + time.monotonicMs(), timer: time, ...options }
  const ledger = createLedger({ ...shared, store, chance: seededChance(1) })
  const rival = createLedger({ ...shared, store: store.real, chance: seededChance(2) })

  /** Lets so much time go by, bit by bit, and everybody do what they wake for. */
  const pass = async (ms: number, step = 500): Promise<void> => {
    for (let left = ms; left > 0; left -= step) {
      for (let n = 0; n < 12; n++) await turn()
      time.pass(Math.min(step, left))
    }
    for (let n = 0; n < 12; n++) await turn()
  }

  /** Lets time go by until there is an answer. */
  const passing = async <A>(wanted: Promise<A>, step = 100): Promise<A> => {
    let isAnswered = false
    const answered = (): void => {
      isAnswered = true
    }
    wanted.then(answered, answered)
    for (let n = 0; n < 20_000 && !isAnswered; n++) {
      for (let m = 0; m < 3; m++) await turn()
      if (!isAnswered) time.pass(step)
    }
    return wanted
  }

  const optionsOf = <A = unknown>(over: Partial<OnceOptions<A>> = {}) => ({
    ...keyOf(),
    owner: 'me',
    requestFingerprint: 'fp',
    lease: leaseMs,
    onThrow: 'ambiguous' as const,
    ...over
  })

  const through =
    (by: Ledger) =>
    <A>(task: Task<A>, over: Partial<OnceOptions<A>> = {}): Promise<OnceAnswer<A>> =>
      once(by, optionsOf(over))(task)

  const types = async (key = 'k'): Promise<ReadonlyArray<HistoryEntry['type']>> =>
    (await rival.history(keyOf(key))).map(({ type }) => type)

  return {
    time,
    clock,
    store,
    ledger,
    rival,
    pass,
    passing,
    /** Runs a task once, in this process. */
    run: through(ledger),
    /** The same in the other process. */
    rivalRuns: through(rival),
    optionsOf,
    types
  }
}
