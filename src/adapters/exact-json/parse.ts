import * as E from 'fp-ts/Either'
import { type Failure, invalidInput } from '../../domain/failure.ts'
import type { Json } from '../../domain/json.ts'

/** A JSON text's value, and where it has a whole number that was not written as one (`1.0`, `1e3`, `-0`). */
export type ExactJson = { readonly value: Json; readonly floats: ReadonlySet<string> }

/** As deep as the predecessor's reader goes: containers within containers, the outermost counted. */
const maxDepth = 127

const number = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y
/** From the space on, all but the quote and the backslash: control characters must be escaped. */
const plainText = /[ !#-[\]-\uffff]*/y
const escapes: { readonly [letter: string]: string } = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t'
}

class Refused extends Error {
  readonly path: string
  constructor(message: string, path: string) {
    super(message)
    this.path = path
  }
}

const pathOf = (keys: ReadonlyArray<string | number>): string =>
  keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`
    return /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`
  }, '$')

/** Sets a member as the object's own, whatever its name; the last of a name counts. */
const setMember = (object: { [key: string]: Json }, key: string, value: Json): void => {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
  } else object[key] = value
}

const read = (text: string): ExactJson => {
  const keys: Array<string | number> = []
  const floats = new Set<string>()
  let at = 0

  const refuse = (message: string): never => {
    const path = pathOf(keys)
    throw new Refused(`${message} (at ${path})`, path)
  }
  const space = (): void => {
    for (;;) {
      const code = text.charCodeAt(at)
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return
      at++
    }
  }
  const expect = (token: string): void => {
    if (!text.startsWith(token, at)) refuse('not valid JSON')
    at += token.length
  }
  const literal = <A extends Json>(token: string, value: A): A => {
    expect(token)
    return value
  }
  const string = (): string => {
    expect('"')
    let value = ''
    for (;;) {
      plainText.lastIndex = at
      const run = plainText.exec(text)?.[0] ?? ''
      value += run
      at += run.length
      const next = text[at++]
      if (next === '"') break
      if (next !== '\\') refuse('not valid JSON: a string is not ended')
      const letter = text[at++] ?? ''
      if (letter === 'u') {
        const hex = text.slice(at, at + 4)
        if (!/^[0-9a-fA-F]{4}$/.test(hex)) refuse('not valid JSON: a bad escape')
        value += String.fromCharCode(Number.parseInt(hex, 16))
        at += 4
      } else value += escapes[letter] ?? refuse('not valid JSON: a bad escape')
    }
    return value.isWellFormed() ? value : refuse('a string with a lone surrogate is not JSON text')
  }
  const numeral = (): number => {
    number.lastIndex = at
    const [literalText = '', fraction, exponent] = number.exec(text) ?? []
    if (literalText === '') refuse('not valid JSON')
    at += literalText.length
    const value = Number(literalText)
    if (!Number.isFinite(value)) refuse('the number is out of range')
    const whole = fraction === undefined && exponent === undefined
    if (whole && !Number.isSafeInteger(value)) refuse(`the integer ${literalText} is beyond 2^53 - 1 and would change`)
    if ((!whole || Object.is(value, -0)) && Number.isInteger(value)) floats.add(pathOf(keys))
    return value === 0 ? 0 : value
  }
  const object = (depth: number): Json => {
    const value: { [key: string]: Json } = {}
    at++
    space()
    if (text[at] === '}') {
      at++
      return value
    }
    for (;;) {
      space()
      const key = string()
      space()
      expect(':')
      keys.push(key)
      setMember(value, key, any(depth))
      keys.pop()
      space()
      if (text[at] === '}') break
      expect(',')
    }
    at++
    return value
  }
  const array = (depth: number): Json => {
    const value: Array<Json> = []
    at++
    space()
    if (text[at] === ']') {
      at++
      return value
    }
    for (;;) {
      keys.push(value.length)
      value.push(any(depth))
      keys.pop()
      space()
      if (text[at] === ']') break
      expect(',')
    }
    at++
    return value
  }
  const any = (above: number): Json => {
    space()
    switch (text[at]) {
      case '{':
        return above < maxDepth ? object(above + 1) : refuse(`nested more than ${maxDepth} levels deep`)
      case '[':
        return above < maxDepth ? array(above + 1) : refuse(`nested more than ${maxDepth} levels deep`)
      case '"':
        return string()
      case 't':
        return literal('true', true)
      case 'f':
        return literal('false', false)
      case 'n':
        return literal('null', null)
      default:
        return numeral()
    }
  }

  const value = any(0)
  space()
  if (at < text.length) refuse('not valid JSON: something follows the value')
  return { value, floats }
}

/**
 * Reads strict JSON and never alters a number in silence: an integer literal beyond ±(2^53 − 1) is `InvalidInput` with
 * its JSON path, judged on the text. −0 is 0, underflow is 0, overflow is refused; so are lone surrogates and nesting
 * that the predecessor could not load. Of members with one name the last counts. See ADR 0003.
 */
export const parseExactJson = (text: string): E.Either<Failure, ExactJson> => {
  try {
    return E.right(read(text))
  } catch (cause) {
    if (cause instanceof Refused) return E.left(invalidInput(cause.message, cause.path))
    throw cause
  }
}
