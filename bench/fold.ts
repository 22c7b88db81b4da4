import { randomUUID } from 'node:crypto'
import { evolve, type IdentifiedEvent, initialState, type LedgerEvent } from '../src/index.ts'
import { type Benchmark, count, type Figure } from './harness/figure.ts'
import { keyHistory } from './harness/histories.ts'
import { elapsed, median } from './harness/measure.ts'

const rounds = 9
const events = 2_000_000

/** As a reader hands them over: read from text, with the ids that a store holds. */
const identified = (list: ReadonlyArray<LedgerEvent>): ReadonlyArray<IdentifiedEvent> =>
  JSON.parse(JSON.stringify(list.map((event) => ({ ...event, id: randomUUID() }))))

/** Folds streams of one shape, one after another, until so many events are folded; events a second. */
const foldRate = async (streams: ReadonlyArray<ReadonlyArray<IdentifiedEvent>>): Promise<number> => {
  const times: Array<number> = []
  let last = initialState
  for (let round = 0; round < rounds; round++) {
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

const figure = (what: string, rate: number): Figure => ({
  what,
  measured: `${count(rate)} events/s`,
  value: rate,
  goal: { atLeast: 5_000_000 }
})

export const fold: Benchmark = {
  name: 'fold',
  about: 'the pure fold over decoded events',
  run: async (): Promise<ReadonlyArray<Figure>> => {
    const streams = (shape: Parameters<typeof keyHistory>[0], many: number) =>
      Array.from({ length: many }, (_, n) => identified(keyHistory(shape, n)))
    const shapes = {
      'reserve, duplicate, complete: 3 events a key': streams({ duplicates: 1, conflicts: 0, takeovers: 0 }, 300),
      'reserve, 6 duplicates, 1 conflict, a takeover, complete: 11 events a key': streams(
        { duplicates: 6, conflicts: 1, takeovers: 1 },
        100
      ),
      // as many as lie between two snapshots, which is what a command folds at most
      'reserve, 62 duplicates, complete: 64 events a key': streams({ duplicates: 62, conflicts: 0, takeovers: 0 }, 20)
    }
    const figures: Array<Figure> = []
    for (const [what, of] of Object.entries(shapes)) figures.push(figure(what, await foldRate(of)))
    return figures
  }
}
