/** Which side of its bound a figure has to be on. */
export type Goal = { readonly atLeast: number } | { readonly atMost: number }

/** One measured figure beside its reference, both taken in the same run. */
export type Measured = {
  readonly _tag: 'Measured'
  /** The number that the goal is about: a ratio, or the figure itself. */
  readonly value: number
  /** What was measured, as people read it. */
  readonly measured: string
  /** What it is held against, measured in the same run; absent where the goal is an absolute one. */
  readonly reference?: string
}

/** What could not be measured here, and why: said, never left out. */
export type NotRun = { readonly _tag: 'NotRun'; readonly because: string }

export type Figure = Measured | NotRun

export const measured = (figure: Omit<Measured, '_tag'>): Measured => ({ _tag: 'Measured', ...figure })

export const notRun = (because: string): NotRun => ({ _tag: 'NotRun', because })

/** The goal of each figure by its name. `told` has none. */
export type Goals<What extends string> = Readonly<Record<What, Goal | 'told'>>

/** None of the figures that were promised, and why. */
export const noneRun = <What extends string>(goals: Goals<What>, because: string): Readonly<Record<What, NotRun>> =>
  Object.fromEntries(Object.keys(goals).map((what) => [what, notRun(because)])) as Record<What, NotRun>

type BenchmarkOf<What extends string> = {
  readonly name: string
  readonly about: string
  readonly goals: Goals<What>
  /** It works in a folder of its own, which is removed afterwards. */
  readonly run: (folder: string) => Promise<Readonly<Record<What, Figure>>>
}

/** A benchmark by its name: the figures that it promises with their goals, and how it comes by them. */
export type Benchmark = BenchmarkOf<string>

/** Holds a benchmark to its promise: each figure that it names is answered for, and no other. */
export const benchmark = <What extends string>(
  one: Omit<BenchmarkOf<What>, 'run'> & { readonly run: BenchmarkOf<NoInfer<What>>['run'] }
): Benchmark => one

export const count = (value: number): string => Math.round(value).toLocaleString('en-US')

export const perSecond = (amount: number, ms: number): string => `${count((amount / ms) * 1000)}/s`

export const milliseconds = (ms: number): string => `${ms < 10 ? ms.toFixed(3) : ms.toFixed(1)} ms`

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`
