import { pathTo } from '../../domain/json-path.ts'

type Fields = { readonly [name: string]: unknown }

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

/** The JSON path of the first place at which two JSON values differ, in the order of their members; none where they are equal. */
export const differenceOf = (a: unknown, b: unknown, path = '$'): string | undefined => {
  if (Object.is(a, b)) return undefined
  if (!isFields(a) || !isFields(b) || Array.isArray(a) !== Array.isArray(b)) return path
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])]
  for (const name of names) {
    const at = pathTo(path, Array.isArray(a) ? Number(name) : name)
    if (Object.hasOwn(a, name) !== Object.hasOwn(b, name)) return at
    const difference = differenceOf(a[name], b[name], at)
    if (difference !== undefined) return difference
  }
  return undefined
}
