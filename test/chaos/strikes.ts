import { performance } from 'node:perf_hooks'
import { sleep } from '../../src/adapters/node/timer.ts'
import type { Cluster, Verb } from './cluster.ts'

/** What happens to a node, and what brings it back. */
export const kinds = {
  restart: ['stop', 'start'],
  kill: ['kill', 'start'],
  freeze: ['freeze', 'thaw']
} as const satisfies { readonly [kind: string]: readonly [Verb, Verb] }
export type Kind = keyof typeof kinds

export const isKind = (text: string): text is Kind => Object.hasOwn(kinds, text)

/** How long a node is away, by kind, and how long it is left alone when it is back, ms. */
export type Pace = { readonly awayMs: { readonly [kind in Kind]: number }; readonly restMs: number }

/** A frozen leader of a real cluster is away until it has been noticed, which takes eight seconds. */
export const usualPace: Pace = { awayMs: { restart: 3000, kill: 4000, freeze: 12_000 }, restMs: 5000 }

export type Strike = {
  readonly kind: Kind
  readonly node: number
  /** Absent where nobody could tell. */
  readonly led: boolean | undefined
  /** From when to when its traces are looked for, by the monotonic clock, ms. */
  readonly from: number
  readonly to: number
}

export type Strikes = {
  readonly cluster: Cluster
  readonly kinds: ReadonlyArray<Kind>
  readonly pace: Pace
  /** For how long new ones begin, ms; each kind comes once at least. */
  readonly forMs: number
  /** Whether the cluster took an append since then. */
  readonly isBack: (since: number) => boolean
  readonly onStrike: (strike: Strike) => void
  readonly signal: AbortSignal
}

/** How long a cluster may take until it is back, ms. */
const mostMs = 60_000
const lookMs = 50
/** What a cluster is left to itself at first, ms. */
const calmMs = 1000

/** Every fourth strike is at one that does not lead. */
const pick = (turn: number, nodes: number, leader: number | undefined): number => {
  if (leader === undefined) return (turn % nodes) + 1
  return turn % 4 === 3 ? (leader % nodes) + 1 : leader
}

/** Strikes one node after another, each only when the last is back. One that is away is brought back, whatever happens. */
export const strikeAll = async (strikes: Strikes): Promise<void> => {
  const { cluster, pace, forMs, isBack, onStrike, signal } = strikes
  const endsAt = performance.now() + forMs
  await sleep(calmMs, signal)
  const isDone = (turn: number): boolean => turn >= strikes.kinds.length && performance.now() >= endsAt
  for (let turn = 0; !isDone(turn) && !signal.aborted; turn++) {
    const kind = strikes.kinds[turn % strikes.kinds.length] ?? 'restart'
    const [down, up] = kinds[kind]
    const leader = await cluster.leader()
    const node = pick(turn, cluster.nodes, leader)
    const from = performance.now()
    try {
      await cluster.act(down, node)
      await sleep(pace.awayMs[kind], signal)
    } finally {
      await cluster.act(up, node)
    }
    const since = performance.now()
    await sleep(pace.restMs, signal)
    while (!isBack(since)) {
      if (performance.now() > since + mostMs)
        throw new Error(`the cluster took nothing for ${mostMs} ms after a ${kind}`)
      await sleep(lookMs)
    }
    onStrike({ kind, node, led: leader === undefined ? undefined : leader === node, from, to: performance.now() })
  }
}
