import process from 'node:process'
import * as TE from 'fp-ts/TaskEither'
import { createLedger, type EventStore } from '../src/index.ts'
import { benchmark, measured } from './harness/figure.ts'
import { callers, median } from './harness/measure.ts'
import { outcome, requestFor } from './harness/requests.ts'
import { rounds } from './harness/rounds.ts'

const cycles = 20_000
const atOnce = 64
const usualRounds = 9

/** A store that has nothing and keeps nothing: every append is well where it was expected to be. */
const nothing: EventStore = {
  append: ({ expected, events }) =>
    TE.right({ revision: (expected._tag === 'NoStream' ? -1n : expected.revision) + BigInt(events.length) }),
  readStream: () => TE.right([]),
  readAll: () => TE.right({ events: [], next: 'start', atEnd: true }),
  subscribe: async function* () {},
  dispose: async () => undefined
}

/** Processor time of this process for a cycle, µs: there is nothing to wait for, and collecting garbage is part of it. */
const microsecondsACycle = async (round: number): Promise<number> => {
  const ledger = createLedger({ store: nothing })
  const before = process.cpuUsage()
  await callers(atOnce, cycles, async (index) => {
    const answer = await ledger.reserve(requestFor(`round ${round} key ${index}`))
    if (answer._tag !== 'Reserved') throw new Error(`answered ${answer._tag}`)
    const completed = await ledger.complete({ claim: answer.claim, outcome })
    if (completed._tag !== 'Completed') throw new Error(`answered ${completed._tag}`)
  })
  const { user, system } = process.cpuUsage(before)
  await ledger.dispose()
  return (user + system) / cycles
}

export const nullStore = benchmark({
  name: 'null-store',
  about: 'the ledger on a store that does nothing, 64 callers',
  goals: { 'processor time of a reserve + complete, µs': { atMost: 25 } },
  run: async () => {
    const times: Array<number> = []
    for (let round = -1; round < rounds(usualRounds); round++) {
      const one = await microsecondsACycle(round)
      if (round >= 0) times.push(one)
    }
    const value = median(times)
    return { 'processor time of a reserve + complete, µs': measured({ measured: `${value.toFixed(1)} µs`, value }) }
  }
})
