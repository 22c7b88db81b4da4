type Members = { readonly [name: string]: unknown }

const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null

/** Whether two values are the same as JSON: the order of members does not count, and `undefined` is absent. */
export const isSameJson = (one: unknown, other: unknown): boolean => {
  // walked without recursion: what was imported may nest thousands of levels
  const pairs: Array<readonly [unknown, unknown]> = [[one, other]]
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [a, b] = pair
    if (a === b) continue
    if (!isMembers(a) || !isMembers(b) || Array.isArray(a) !== Array.isArray(b)) return false
    for (const name of Object.keys(a))
      if (a[name] !== undefined || b[name] !== undefined) pairs.push([a[name], b[name]])
    if (Object.keys(b).some((name) => b[name] !== undefined && a[name] === undefined)) return false
  }
  return true
}
