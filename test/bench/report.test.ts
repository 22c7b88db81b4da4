import { describe, expect, it } from 'vitest'
import { measured, noneRun, notRun } from '../../bench/harness/figure.ts'
import { caution } from '../../bench/harness/machine.ts'
import { report } from '../../bench/harness/report.ts'
import { rowsOf, summary } from '../../bench/harness/row.ts'

const goals = {
  fast: { atLeast: 1.5 },
  small: { atMost: 0.33 },
  known: 'told',
  absent: { atLeast: 1 }
} as const

const value = (what: string, number: number) => measured({ measured: `${what} now`, reference: 'then', value: number })

const rowsWith = (fast: number, small: number) =>
  rowsOf({ name: 'one', goals }, (what) => {
    if (what === 'absent') return notRun('no Redis: it is not there')
    return value(what, what === 'fast' ? fast : small)
  })

const verdicts = (fast: number, small: number) =>
  Object.fromEntries(rowsWith(fast, small).map(({ what, verdict }) => [what, verdict]))

describe('whether a goal is met', () => {
  it('at its bound it is', () =>
    expect(verdicts(1.5, 0.33)).toEqual({ fast: 'met', small: 'met', known: 'told', absent: 'not run' }))
  it('beyond it is missed', () => expect(verdicts(1.49, 0.331)).toMatchObject({ fast: 'missed', small: 'missed' }))
  it('what is no number meets nothing', () =>
    expect(verdicts(Number.NaN, Number.NaN)).toMatchObject({ fast: 'missed', small: 'missed' }))
})

// colours are the terminal's affair
const plain = (text: string): string => text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g'), '')

describe('the report', () => {
  const lines = plain(report('one: about one', rowsWith(0.8, 0.2))).split('\n')
  const lineOf = (what: string): string => lines.find((line) => line.startsWith(what)) ?? ''

  it('a missed goal is printed as missed', () =>
    expect(lineOf('fast')).toMatch(/fast now +then +0\.800 +at least 1\.5 +MISSED$/))
  it('what has no goal is still told beside its reference', () =>
    expect(lineOf('known')).toMatch(/known now +then +0\.200$/))
  it('what was not run says why, loudly, with the goal that nothing is known about', () =>
    expect(lineOf('absent')).toMatch(/no Redis: it is not there +at least 1 +NOT RUN$/))
  it('counts how all of it ended', () =>
    expect(summary(rowsWith(0.8, 0.2))).toBe('1 goals met, 1 missed; 1 figures not run'))
  it('a benchmark that cannot run says so for every figure that it promises', () => {
    const none = noneRun(goals, 'no history')
    expect(Object.keys(none)).toEqual(Object.keys(goals))
    for (const figure of Object.values(none)) expect(figure).toEqual(notRun('no history'))
  })
})

describe('how far figures can be relied on', () => {
  it('wholly, where the run was whole and the machine quiet', () =>
    expect(caution({ cores: 4, load: 2 }, undefined)).toBeUndefined())
  it('less on a busy machine, and less in a short run', () => {
    expect(caution({ cores: 2, load: 3.21 }, undefined)).toContain('on a busy machine (load 3.2 on 2 cores)')
    expect(caution({ cores: 2, load: 0 }, 1)).toContain('in a short run (1 round each)')
    expect(caution({ cores: 2, load: 9 }, 3)).toMatch(/short run \(at most 3 rounds each\), on a busy machine/)
  })
})
