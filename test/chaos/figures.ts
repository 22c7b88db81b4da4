import { percentile } from '../../bench/harness/measure.ts'
import { isAnswered, type Told, tookMs } from './told.ts'

/** The longest time between two moments of a span, its ends among them, ms. Moments are in order. */
export const longestSilence = (moments: ReadonlyArray<number>, from: number, to: number): number => {
  let last = from
  let longest = 0
  for (const moment of moments) {
    if (moment <= from || moment >= to) continue
    longest = Math.max(longest, moment - last)
    last = moment
  }
  return Math.max(longest, to - last)
}

/** What is answered though it could not be recorded may rest on a read from before the silence. */
const isFresh = (told: Told): boolean => isAnswered(told) && !('unrecorded' in told.answer)

/** What callers went through in a span. Times in ms. */
export type Figures = {
  readonly calls: number
  readonly silence: number
  /** How many calls were answered, and how many failed, by tag. */
  readonly answers: ReadonlyMap<string, number>
  readonly failures: ReadonlyMap<string, number>
  readonly p50: number
  readonly p99: number
  readonly longest: number
  /** How many answers, failures among them, came later than they may. */
  readonly late: number
}

/** Of the calls that ended in a span. They are in the order of their ends. */
export const figuresOf = (
  told: ReadonlyArray<Told>,
  from: number,
  to: number,
  isLate: (told: Told) => boolean
): Figures => {
  const calls = told.filter(({ endedAt }) => endedAt > from && endedAt < to)
  const [answers, failures] = [new Map<string, number>(), new Map<string, number>()]
  for (const { answer } of calls) {
    const [counts, tag] = answer._tag === 'Failed' ? [failures, answer.tag] : [answers, answer._tag]
    counts.set(tag, (counts.get(tag) ?? 0) + 1)
  }
  const took = calls.map(tookMs)
  return {
    calls: calls.length,
    silence: longestSilence(
      calls.filter(isFresh).map(({ endedAt }) => endedAt),
      from,
      to
    ),
    answers,
    failures,
    p50: percentile(took, 0.5),
    p99: percentile(took, 0.99),
    longest: percentile(took, 1),
    late: calls.filter(isLate).length
  }
}
