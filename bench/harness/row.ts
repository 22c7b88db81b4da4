import type { Benchmark, Figure, Goal } from './figure.ts'

/** A figure with its name, its goal, and whether it met it: a line of every report. */
export type Row = {
  readonly benchmark: string
  readonly what: string
  readonly goal?: Goal
  readonly figure: Figure
  readonly verdict: 'met' | 'missed' | 'not run' | 'told'
}

const verdictOn = (figure: Figure, goal: Goal | undefined): Row['verdict'] => {
  if (figure._tag === 'NotRun') return 'not run'
  if (goal === undefined) return 'told'
  // what is no number meets nothing
  const met = 'atLeast' in goal ? figure.value >= goal.atLeast : figure.value <= goal.atMost
  return met ? 'met' : 'missed'
}

/** A row for every figure that a benchmark promises. */
export const rowsOf = (
  { name, goals }: Pick<Benchmark, 'name' | 'goals'>,
  figureOf: (what: string) => Figure
): ReadonlyArray<Row> =>
  Object.entries(goals).map(([what, wanted]) => {
    const goal = wanted === 'told' ? undefined : wanted
    const figure = figureOf(what)
    return { benchmark: name, what, ...(goal && { goal }), figure, verdict: verdictOn(figure, goal) }
  })

const goalText = (goal: Goal | undefined): string => {
  if (goal === undefined) return ''
  const [side, bound] = 'atLeast' in goal ? ['at least', goal.atLeast] : ['at most', goal.atMost]
  return `${side} ${bound.toLocaleString('en-US')}`
}

const valueText = (value: number): string =>
  Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3)

/** The cells of a row but for its verdict: its name, what was measured beside what, the value, the goal. */
export const cellsOf = ({ what, goal, figure }: Row): ReadonlyArray<string> => {
  if (figure._tag === 'NotRun') return [what, figure.because, '', '', goalText(goal)]
  const { measured, reference, value } = figure
  // what is neither beside anything nor held to anything is said as it was measured
  const tells = goal !== undefined || reference !== undefined
  return [what, measured, reference ?? '', tells ? valueText(value) : '', goalText(goal)]
}

/** How all of it ended: "12 goals met, 1 missed; 3 figures not run". */
export const summary = (rows: ReadonlyArray<Row>): string => {
  const many = (verdict: Row['verdict']): number => rows.filter((row) => row.verdict === verdict).length
  return `${many('met')} goals met, ${many('missed')} missed; ${many('not run')} figures not run`
}
