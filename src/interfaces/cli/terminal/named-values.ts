import { widthOf, wrapped } from './width.ts'

const indent = 4

/**
 * Names and their values, one beside the other. A value that would go beyond the end of the line stands below its name,
 * broken between words. It is whole, since it is for copying: a word that is longer than a line is left to the terminal.
 */
export const namedValues = (
  rows: ReadonlyArray<readonly [name: string, value: string]>,
  lineLength = Number.POSITIVE_INFINITY
): ReadonlyArray<string> => {
  const widest = rows.reduce((most, [name]) => Math.max(most, widthOf(name)), 0)
  return rows.flatMap(([name, value]) => {
    const before = `  ${name}${' '.repeat(widest - widthOf(name))}  `
    if (widthOf(before) + widthOf(value) <= lineLength) return [`${before}${value}`.trimEnd()]
    return [`  ${name}`, ...wrapped(value, lineLength - indent).map((line) => `${' '.repeat(indent)}${line}`)]
  })
}
