import { snakeCase } from './snake-case.ts'

/** What these hold is the caller's, under the caller's names. */
const isCallers = (name: string): boolean => name === 'details' || name === 'data'

/** What an event says, under the names that the command line's JSON has. The caller's own JSON within it stays as it is. */
export const snakeData = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(snakeData)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [snakeCase(name), isCallers(name) ? member : snakeData(member)])
  )
}
