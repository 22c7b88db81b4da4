import type { EventStore } from '../../src/application/ports/event-store.ts'
import { createLedger } from '../../src/index.ts'
import type { Told } from '../chaos/told.ts'
import { visit } from '../chaos/visit.ts'

export type Load = {
  /** Stores of the ledgers that rival: each has a queue, a cache and a connection of its own. */
  readonly stores: ReadonlyArray<EventStore>
  readonly category: string
  readonly keys: number
  /** How many callers come to each key, about at the same time. */
  readonly rivals: number
  readonly callers: number
  readonly chance: () => number
  /** Told how many visits are done. */
  readonly onProgress?: (done: number) => void
}

/** What callers were told, and how many were left without an answer. */
export type LoadResult = { readonly told: ReadonlyArray<Told>; readonly unanswered: number }

/** Long enough for a machine that is busy with other things, ms. */
export const deadlineMs = 60_000

/** Sends all callers over all keys. */
export const runLoad = async ({
  stores,
  category,
  keys,
  rivals,
  callers,
  chance,
  onProgress
}: Load): Promise<LoadResult> => {
  const told: Array<Told> = []
  const ledgers = stores.map((store) => createLedger({ store, category, deadlineMs }))
  const visits = keys * rivals
  let next = 0
  let done = 0
  let unanswered = 0
  const note = (one: Told): void => void told.push(one)
  const places = Array.from({ length: callers }, (_, caller) => ledgers[caller % ledgers.length])
  await Promise.all(
    places.map(async (ledger) => {
      while (ledger !== undefined && next < visits) {
        const number = next++
        const key = `key-${Math.floor(number / rivals)}`
        if (!(await visit({ ledger, key, name: `caller-${number}`, chance, workMs: 0, note }))) unanswered++
        onProgress?.(++done)
      }
    })
  )
  await Promise.all(ledgers.map((ledger) => ledger.dispose()))
  return { told, unanswered }
}
