import { join, resolve } from 'node:path'
import * as E from 'fp-ts/Either'
import type { Contestant } from './contenders/contender.ts'
import { startContender } from './contenders/start.ts'
import { benchmark, type Measured, measured, noneRun, perSecond } from './harness/figure.ts'
import { inTurns, median, ratio } from './harness/measure.ts'
import { buildSchema1 } from './schema-1/build.ts'

const usualRounds = 7

const goals = {
  'durable reserve + complete, 64 callers': { atLeast: 1.5 },
  'durable reserve + complete, 8 callers': { atLeast: 1.1 },
  'durable reserve + complete, 256 callers': { atLeast: 1.3 }
} as const

export const schema1 = benchmark({
  name: 'schema-1',
  about: 'reserve + complete on SQLite, FULL, beside the store of schema 1, built from commit c9ae726',
  goals,
  run: async (folder) => {
    const built = await buildSchema1()
    if (E.isLeft(built)) return noneRun(goals, `schema 1 could not be built: ${built.left}`)
    const contestant = (name: string, dist: string): Contestant => ({
      _tag: 'Keyfold',
      dist,
      file: join(folder, `${name}.db`),
      synchronous: 'FULL'
    })
    const now = startContender(contestant('now', resolve('dist')))
    const before = startContender(contestant('schema-1', built.right.dist))
    const figure = async (atOnce: number, total: number): Promise<Measured> => {
      const job = (round: number) =>
        ({ kind: 'cycle', round: `${atOnce}-${round}`, atOnce, total, keys: total }) as const
      const times = await inTurns(
        usualRounds,
        { now: (round) => now.run(job(round)), before: (round) => before.run(job(round)) },
        'alternating'
      )
      return measured({
        measured: perSecond(total, median(times.now)),
        reference: perSecond(total, median(times.before)),
        value: ratio(times.before, times.now)
      })
    }
    try {
      return {
        'durable reserve + complete, 64 callers': await figure(64, 6400),
        'durable reserve + complete, 8 callers': await figure(8, 2400),
        'durable reserve + complete, 256 callers': await figure(256, 6400)
      }
    } finally {
      await now.stop()
      await before.stop()
    }
  }
})
