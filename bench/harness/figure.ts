/** Which side of its bound a ratio has to be on. */
export type Goal = { readonly atLeast: number } | { readonly atMost: number }

/** One measured figure beside its reference, both taken in the same run. */
export type Figure = {
  readonly what: string
  /** What was measured, as people read it. */
  readonly measured: string
  /** What it is held against, measured in the same run; absent where the goal is an absolute one. */
  readonly reference?: string
  /** The number that the goal is about: a ratio, or the figure itself. */
  readonly value: number
  /** Absent for figures that are only told. */
  readonly goal?: Goal
}

/** A benchmark by its name. It works in a folder of its own, which is removed afterwards. */
export type Benchmark = {
  readonly name: string
  readonly about: string
  readonly run: (folder: string) => Promise<ReadonlyArray<Figure>>
}

export const isMet = ({ value, goal }: Figure): boolean | undefined => {
  if (goal === undefined) return undefined
  return 'atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost
}

export const count = (value: number): string => Math.round(value).toLocaleString('en-US')

export const perSecond = (amount: number, ms: number): string => `${count((amount / ms) * 1000)}/s`

export const milliseconds = (ms: number): string => `${ms < 10 ? ms.toFixed(3) : ms.toFixed(1)} ms`

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`
