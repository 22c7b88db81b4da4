import { setMaxListeners } from 'node:events'
import { sleep } from '../../src/adapters/node/timer.ts'
import type { Ledger } from '../../src/index.ts'
import type { Told } from './told.ts'
import { visit } from './visit.ts'

export type Callers = {
  readonly ledgers: ReadonlyArray<Ledger>
  readonly count: number
  readonly chance: () => number
  readonly note: (told: Told) => void
  readonly signal: AbortSignal
}

/** How many callers come to each key, about at the same time. */
const rivals = 4
/** About as many calls as a real cluster of three small nodes takes of 32 callers. In ms. */
const mostPauseMs = 100
/** So long that others come meanwhile, and some of them to take over. In ms. */
const workMs = 100

/** Visits one key after another until the signal is aborted, and what is under way then is over. */
export const callUntil = async ({ ledgers, count, chance, note, signal }: Callers): Promise<void> => {
  // every caller waits for it
  setMaxListeners(0, signal)
  let visits = 0
  const call = async (ledger: Ledger): Promise<void> => {
    while (!signal.aborted) {
      const number = visits++
      const key = `key-${Math.floor(number / rivals)}`
      await visit({ ledger, key, name: `visit-${number}`, chance, workMs, note, signal })
      await sleep(chance() * mostPauseMs, signal)
    }
  }
  const places = Array.from({ length: count }, (_, caller) => ledgers[caller % ledgers.length])
  await Promise.all(places.map((ledger) => ledger && call(ledger)))
}
