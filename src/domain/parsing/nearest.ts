/** Longer names are not compared. */
const longest = 40

/** What people mistake in a name of keyfold's: case, hyphens, and the unit at its end. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[_-]/g, '').replace(/ms$/, '')

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
