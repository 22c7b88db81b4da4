import { randomUUID } from 'node:crypto'
import { evolve, type IdentifiedEvent, initialState, type LedgerEvent } from '../src/index.ts'
import { benchmark, count, type Measured, measured } from './harness/figure.ts'
import { keyHistory } from './harness/histories.ts'
import { elapsed, median } from './harness/measure.ts'
import { rounds } from './harness/rounds.ts'

const usualRounds = 9
const events = 2_000_000

/** As a reader hands them over: read from text, with the ids that a store holds. */
const identified = (list: ReadonlyArray<LedgerEvent>): ReadonlyArray<IdentifiedEvent> =>
  JSON.parse(JSON.stringify(list.map((event) => ({ ...event, id: randomUUID() }))))

/** Folds streams of one shape, one after another, until so many events are folded; events a second. */
const foldRate = async (streams: ReadonlyArray<ReadonlyArray<IdentifiedEvent>>): Promise<number> => {
  const times: Array<number> = []
  let last = initialState
  for (let round = 0; round < rounds(usualRounds); round++) {
    let folded = 0
    const ms = await elapsed(() => {
      while (folded < events) {
        for (const stream of streams) {
          let state = initialState
          for (const event of stream) state = evolve(state, event)
          last = state
          folded += stream.length
        }
      }
    })
    times.push((folded / ms) * 1000)
  }
  // the result is looked at, so that the work cannot be optimised away
  if (last._tag !== 'Held') throw new Error('the streams end with a held key')
  return median(times)
}

type Shape = Parameters<typeof keyHistory>[0]

const figure = async (shape: Shape, many: number): Promise<Measured> => {
  const rate = await foldRate(Array.from({ length: many }, (_, n) => identified(keyHistory(shape, n))))
  return measured({ measured: `${count(rate)} events/s`, value: rate })
}

export const fold = benchmark({
  name: 'fold',
  about: 'the pure fold over decoded events',
  goals: {
    'reserve, duplicate, complete: 3 events a key': { atLeast: 5_000_000 },
    'reserve, 6 duplicates, conflict, takeover, complete: 11 events a key': { atLeast: 5_000_000 },
    'reserve, 62 duplicates, complete: 64 events a key': { atLeast: 5_000_000 }
  },
  run: async () => ({
    'reserve, duplicate, complete: 3 events a key': await figure({ duplicates: 1, conflicts: 0, takeovers: 0 }, 300),
    'reserve, 6 duplicates, conflict, takeover, complete: 11 events a key': await figure(
      { duplicates: 6, conflicts: 1, takeovers: 1 },
      100
    ),
    // as many as lie between two snapshots, which is what a command folds at most
    'reserve, 62 duplicates, complete: 64 events a key': await figure(
      { duplicates: 62, conflicts: 0, takeovers: 0 },
      20
    )
  })
})
