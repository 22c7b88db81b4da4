import type { Figures } from './figures.ts'
import type { Fault } from './judge.ts'
import type { Strike } from './strikes.ts'

/** So many faults are told one by one. */
const mostFaults = 20

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`
const ms = (value: number): string => `${Math.round(value)} ms`

const counted = (counts: ReadonlyMap<string, number>): string =>
  [...counts].map(([tag, count]) => `${count} ${tag}`).join(', ')

const callsOf = ({ calls, failures, p50, p99, longest, late }: Figures): string => {
  const errors = failures.size === 0 ? 'no errors' : counted(failures)
  return `${calls} calls, ${errors}, p50 ${ms(p50)}, p99 ${ms(p99)}, max ${ms(longest)}, ${late} late`
}

export const strikeLine = ({ kind, node, led }: Strike, figures: Figures, proberSilence: number): string => {
  const role = led === undefined ? 'role unknown' : led ? 'the leader' : 'a follower'
  const silences = `silent for ${seconds(figures.silence)} (prober ${seconds(proberSilence)})`
  return `${kind} of node ${node}, ${role}: ${silences}; ${callsOf(figures)}`
}

export const summary = (strikes: number, figures: Figures, faults: ReadonlyArray<Fault>): ReadonlyArray<string> => [
  `${strikes} strikes: ${callsOf(figures)}`,
  `answers: ${counted(figures.answers)}`,
  ...faults.slice(0, mostFaults).map(({ recordId, fault }) => `FAULT ${recordId}: ${fault}`),
  `${faults.length} faults`
]
