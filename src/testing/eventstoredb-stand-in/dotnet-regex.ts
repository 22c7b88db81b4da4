/** What .NET means by a class of characters, within brackets. */
const classes: Readonly<Record<string, string>> = {
  w: '\\p{L}\\p{Mn}\\p{Nd}\\p{Pc}',
  d: '\\p{Nd}',
  s: '\\f\\n\\r\\t\\v\\x85\\p{Z}'
}

const end = '(?=\\n?(?![\\s\\S]))'

/** What stands for an escape that the two languages read differently, outside brackets. */
const anchors: Readonly<Record<string, string>> = {
  A: '(?<![\\s\\S])',
  z: '(?![\\s\\S])',
  Z: end,
  a: '\\x07',
  e: '\\x1B'
}

const syntax = new Set('^$\\.*+?()[]{}|/')

const escaped = (letter: string, isInClass: boolean): string => {
  // nothing follows: an error, which it is to remain
  if (letter === '') return '\\'
  const members = classes[letter.toLowerCase()]
  if (members !== undefined) {
    if (isInClass && letter === letter.toLowerCase()) return members
    if (!isInClass) return letter === letter.toLowerCase() ? `[${members}]` : `[^${members}]`
  }
  const anchor = isInClass ? undefined : anchors[letter]
  if (anchor !== undefined) return anchor
  // a letter or digit is an escape of both, or an error; what is neither stands for itself
  return /[a-z0-9]/i.test(letter) || syntax.has(letter) || (isInClass && letter === '-') ? `\\${letter}` : letter
}

/** Options that hold for all of an expression: `(?i)` at its beginning. */
const leading = /^\(\?([imsnx]+)\)/

/**
 * An expression of .NET's in JavaScript's words; undefined where it is none. Options apply from the beginning or not at
 * all: those inside an expression are not known here, nor are conditions, balancing groups and subtracted classes.
 */
export const dotNetRegex = (text: string): RegExp | undefined => {
  const options = leading.exec(text)?.[1] ?? ''
  const source = text.replace(leading, '')
  const flags = ['u', ...['i', 'm', 's'].filter((option) => options.includes(option))].join('')
  let [result, isInClass] = ['', false]
  for (let at = 0; at < source.length; at++) {
    const letter = source.charAt(at)
    if (letter === '\\') {
      // a name in braces belongs to its escape
      const category = /^[pP]\{[^}]*\}/.exec(source.slice(at + 1, at + 40))?.[0]
      result += category === undefined ? escaped(source.charAt(at + 1), isInClass) : `\\${category}`
      at += category?.length ?? 1
    } else if (isInClass) {
      isInClass = letter !== ']'
      result += letter === '[' ? '\\[' : letter
    } else if (letter === '[') {
      isInClass = true
      // a bracket that comes first is one of the class
      const opening = /^\[\^?\]?/.exec(source.slice(at, at + 3))?.[0] ?? letter
      result += opening.replace(']', '\\]')
      at += opening.length - 1
    } else if (letter === '$' && !options.includes('m')) result += end
    else if (letter === ']' || letter === '}' || (letter === '{' && !/^\{\d+(?:,\d*)?\}/.test(source.slice(at)))) {
      const closes = letter === '}' && /\{\d+(?:,\d*)?$/.test(result)
      result += closes ? letter : `\\${letter}`
    } else result += letter
  }
  try {
    return new RegExp(result, flags)
  } catch {
    return undefined
  }
}
