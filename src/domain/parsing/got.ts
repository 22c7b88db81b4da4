const ofText = (text: string): string => {
  if (text === '') return 'an empty string'
  return text.length === 1 ? 'a string of 1 character' : `a string of ${text.length} characters`
}

const ofObject = (value: object): string => {
  if (Array.isArray(value)) return `a list of ${value.length}`
  return value instanceof Date ? 'a Date' : 'an object'
}

/**
 * What was given in place of what is allowed, for a message. Of a text it tells the length and never a character: it may be
 * a key, a claim id, a password. Total: a proxy that throws is an object.
 */
export const got = (value: unknown): string => {
  switch (typeof value) {
    case 'string':
      return ofText(value)
    case 'number':
    case 'boolean':
    case 'undefined':
      return `${value}`
    case 'object':
      if (value === null) return 'null'
      try {
        return ofObject(value)
      } catch {
        return 'an object'
      }
    default:
      return `a ${typeof value}`
  }
}

/** The same of one word among a few: a short word is told, since nobody keeps a secret in its place. */
export const gotWord = (value: unknown): string =>
  typeof value === 'string' && /^[\w-]{1,16}$/.test(value) ? `'${value}'` : got(value)
