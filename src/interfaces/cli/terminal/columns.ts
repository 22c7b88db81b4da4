/** A column of a table: its name and, where it may be left out for want of room, how early: 1 goes first. */
export type Column = string | { readonly name: string; readonly drop: number }

export const nameOf = (column: Column): string => (typeof column === 'string' ? column : column.name)

/** What a column takes: what its cells want, what they do with, and the least that is worth showing. */
export type Wanted = {
  readonly natural: number
  readonly comfortable: number
  readonly least: number
  /** Left out the sooner the lower; never where there is none. */
  readonly drop: number | undefined
}

/** Which columns are shown, and how wide. */
export type Fitted = ReadonlyArray<{ readonly index: number; readonly width: number }>

export const gap = '  '

export const sum = (widths: ReadonlyArray<number>): number =>
  widths.reduce((total, width) => total + width + gap.length, -gap.length)

/** The columns that stay: those that must, and of the others by rank each that leaves the rest comfortable. */
const staying = (columns: ReadonlyArray<Wanted>, lineLength: number): ReadonlyArray<number> => {
  const comfort = (shown: Iterable<number>): number => sum([...shown].map((one) => columns[one]?.comfortable ?? 0))
  const ranked = columns
    .flatMap(({ drop }, index) => (drop === undefined ? [] : [{ drop, index }]))
    .sort((a, b) => b.drop - a.drop)
  const shown = new Set(columns.flatMap(({ drop }, index) => (drop === undefined ? [index] : [])))
  for (const { index } of ranked) if (comfort([...shown, index]) <= lineLength) shown.add(index)
  return [...shown].sort((a, b) => a - b)
}

/** Fits columns into a line: the widest give way first, none below its least. */
export const fitInto = (columns: ReadonlyArray<Wanted>, lineLength: number): Fitted => {
  const shown = staying(columns, lineLength)
  const capped = (cap: number) =>
    shown.map((index) => {
      const { natural = 0, least = 0 } = columns[index] ?? {}
      return { index, width: Math.max(Math.min(natural, cap), least) }
    })
  let cap = Math.max(0, ...columns.map(({ natural }) => natural))
  while (cap > 1 && sum(capped(cap).map(({ width }) => width)) > lineLength) cap--
  return capped(cap)
}
