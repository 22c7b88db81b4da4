/** Longer names are not compared. */
const longest = 40

/** A name without what people mistake most: case and hyphens. */
const folded = (name: string): string => name.toLowerCase().replaceAll(/[_-]/g, '')

/** The same without the unit at its end. */
const plain = (name: string): string => folded(name).replace(/ms$/, '')

/** How many letters differ, are missing, too many, or swapped with the next (optimal string alignment). */
const distance = (a: string, b: string): number => {
  let before: ReadonlyArray<number> = []
  let row: ReadonlyArray<number> = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const differs = a[i - 1] === b[j - 1] ? 0 : 1
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + differs,
        isSwapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY
      )
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}

/** A long name may differ in two letters, a short one in none. */
const slack = (name: string): number => (name.length >= 8 ? 2 : name.length >= 6 ? 1 : 0)

const sorted = (name: string): string => [...name].sort().join('')

/**
 * Whether a letter is missing, too many, swapped with the next or, in a long name, replaced. Of shorter words many are one
 * letter from another, and with an ending a word is another one: details and retails, source and sources.
 */
const isSlip = (from: string, to: string): boolean => {
  if (to.length < 6 || from.startsWith(to) || distance(from, to) !== 1) return false
  return to.length >= 8 || from.length !== to.length || sorted(from) === sorted(to)
}

/**
 * The name that was misspelt for certain: in case, hyphens or a single letter, or where a number is given and its unit is
 * not. Anything else may be a word of its own.
 */
export const misspelt = (given: string, value: unknown, names: ReadonlyArray<string>): string | undefined => {
  if (given.length > longest) return undefined
  const from = folded(given)
  return names.find((name) => {
    const to = folded(name)
    return from === to || isSlip(from, to) || (typeof value === 'number' && `${from}ms` === to)
  })
}

/** The name that was meant, where one is near enough to be it. */
export const nearest = (given: string, names: ReadonlyArray<string>): string | undefined => {
  if (given.length > longest) return undefined
  const from = plain(given)
  const [best] = names
    .map((name) => ({ name, off: distance(from, plain(name)) }))
    .filter(({ name, off }) => off === 0 || off <= slack(name))
    .sort((a, b) => a.off - b.off)
  return best?.name
}
