import { join, resolve } from 'node:path'
import * as E from 'fp-ts/Either'
import type { Contestant } from './contenders/contender.ts'
import { type Started, startContender } from './contenders/start.ts'
import { benchmark, type Figure, type Goal, measured, noneRun, perSecond } from './harness/figure.ts'
import { inTurns, median, ratio, type Turns } from './harness/measure.ts'
import { installPeers } from './peers/install.ts'
import { type RedisServer, startRedis } from './peers/redis-server.ts'

const usualRounds = 7
const total = 6400
const atOnce = 64

type Servers = Readonly<Record<'always' | 'everysec', RedisServer>>

const contestants = (folder: string, { always, everysec }: Servers) => {
  const ledger = (name: string, synchronous: 'FULL' | 'NORMAL', recording?: 'ignore'): Contestant => ({
    _tag: 'Keyfold',
    dist: resolve('dist'),
    file: join(folder, `${name}.db`),
    synchronous,
    ...(recording && { recording })
  })
  return {
    full: ledger('full', 'FULL'),
    normal: ledger('normal', 'NORMAL'),
    ignoring: ledger('ignoring', 'FULL', 'ignore'),
    nodeAlways: { _tag: 'NodeIdempotency', url: always.url },
    nodeEverysec: { _tag: 'NodeIdempotency', url: everysec.url },
    powertoolsAlways: { _tag: 'Powertools', url: always.url },
    powertoolsEverysec: { _tag: 'Powertools', url: everysec.url }
  } satisfies Record<string, Contestant>
}

type Name = keyof ReturnType<typeof contestants>

const race = async (folder: string, servers: Servers) => {
  const all = Object.entries(contestants(folder, servers))
  const started = new Map<string, Started>(all.map(([name, contestant]) => [name, startContender(contestant)]))
  const turns = <Of extends Name>(
    kind: 'cycle' | 'replay',
    keys: number,
    ...names: ReadonlyArray<Of>
  ): Promise<Turns<Of>> => {
    const work = (name: Of) => async (round: number) =>
      (await started.get(name)?.run({ kind, round: `round ${round} key`, atOnce, total, keys })) ?? Number.NaN
    const works = Object.fromEntries(names.map((name) => [name, work(name)]))
    return inTurns(usualRounds, works as Record<Of, ReturnType<typeof work>>, 'alternating')
  }
  try {
    const durable = await turns('cycle', total, 'full', 'nodeAlways', 'powertoolsAlways')
    const fast = await turns('cycle', total, 'normal', 'nodeEverysec', 'powertoolsEverysec')
    await turns('cycle', total, 'ignoring')
    const replays = await turns('replay', total, 'ignoring', 'nodeEverysec', 'powertoolsEverysec')
    const hot = await turns('replay', 1, 'ignoring', 'nodeEverysec')
    return { durable, fast, replays, hot }
  } finally {
    for (const one of started.values()) await one.stop()
  }
}

type Race = Awaited<ReturnType<typeof race>>

type Comparison = {
  readonly what: string
  readonly goal: Goal | 'told'
  readonly of: (race: Race) => readonly [ours: ReadonlyArray<number>, theirs: ReadonlyArray<number>]
}

const comparisons: ReadonlyArray<Comparison> = [
  {
    what: 'FULL, beside @node-idempotency/core on Redis, appendfsync always',
    goal: { atLeast: 1.3 },
    of: ({ durable }) => [durable.full, durable.nodeAlways]
  },
  {
    what: 'FULL, beside Powertools on Redis, appendfsync always',
    goal: 'told',
    of: ({ durable }) => [durable.full, durable.powertoolsAlways]
  },
  {
    what: 'NORMAL, beside @node-idempotency/core on Redis, appendfsync everysec',
    goal: { atLeast: 0.8 },
    of: ({ fast }) => [fast.normal, fast.nodeEverysec]
  },
  {
    what: 'NORMAL, beside Powertools on Redis, appendfsync everysec',
    goal: { atLeast: 1 },
    of: ({ fast }) => [fast.normal, fast.powertoolsEverysec]
  },
  {
    what: "many keys replayed, 'ignore', beside @node-idempotency/core",
    goal: { atLeast: 1.3 },
    of: ({ replays }) => [replays.ignoring, replays.nodeEverysec]
  },
  {
    what: "one hot key replayed, 'ignore', beside @node-idempotency/core",
    goal: 'told',
    of: ({ hot }) => [hot.ignoring, hot.nodeEverysec]
  },
  {
    what: "many keys replayed, 'ignore', beside Powertools",
    goal: 'told',
    of: ({ replays }) => [replays.ignoring, replays.powertoolsEverysec]
  }
]

const goals = Object.fromEntries(comparisons.map(({ what, goal }) => [what, goal]))

const figuresOf = (race: Race): Readonly<Record<string, Figure>> =>
  Object.fromEntries(
    comparisons.map(({ what, of }) => {
      const [ours, theirs] = of(race)
      const [measuredRate, reference] = [perSecond(total, median(ours)), perSecond(total, median(theirs))]
      return [what, measured({ measured: measuredRate, reference, value: ratio(theirs, ours) })]
    })
  )

export const peers = benchmark({
  name: 'peers',
  about:
    'reserve + complete, and replays, of 64 callers, beside other libraries on Redis, each in a process of its own',
  goals,
  run: async (folder) => {
    const installed = await installPeers()
    if (E.isLeft(installed)) return noneRun(goals, `the peers could not be installed: ${installed.left}`)
    const always = await startRedis(join(folder, 'always'), 'always')
    if (E.isLeft(always)) return noneRun(goals, `no Redis: ${always.left}`)
    const everysec = await startRedis(join(folder, 'everysec'), 'everysec')
    try {
      if (E.isLeft(everysec)) return noneRun(goals, `no Redis: ${everysec.left}`)
      return figuresOf(await race(folder, { always: always.right, everysec: everysec.right }))
    } finally {
      await always.right.stop()
      if (E.isRight(everysec)) await everysec.right.stop()
    }
  }
})
