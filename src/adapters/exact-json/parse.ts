import type * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../domain/failure.ts'
import type { Json } from '../../domain/json.ts'
import { type Cursor, refusal, significant } from './cursor.ts'
import { readNumber } from './number.ts'
import { pathTo } from './path.ts'
import { Refusal, refusing } from './refusal.ts'
import { readString } from './string.ts'

/** For each object the members whose number is whole but was not written as an integer: `1.0`, `1e3`, `-0`. */
export type Floats = ReadonlyMap<object, ReadonlySet<string>>

export type ExactJson = { readonly value: Json; readonly floats: Floats }

/** Where the text stands in a larger one: the path of its value, and how many containers are around it. */
export type Place = { readonly path?: string; readonly within?: number }

/** How strictly to read. With `uniqueNames` two members of one name are refused: which of them was meant, nobody knows. */
export type Strictness = { readonly uniqueNames?: boolean }

/** As deep as the predecessor's reader goes: containers within containers, the outermost counted. */
export const maxNesting = 127

type Reading = Cursor & { readonly uniqueNames: boolean; floats: Map<object, Set<string>> | undefined }

const noFloats: Floats = new Map()

/** Sets a member as the object's own, whatever its name is. Of members with one name the last counts. */
const setMember = (object: { [key: string]: Json }, key: string, value: Json): void => {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
  } else object[key] = value
}

const mark = (reading: Reading, object: object, key: string): void => {
  reading.floats ??= new Map()
  const { floats } = reading
  const marked = floats.get(object)
  if (marked === undefined) floats.set(object, new Set([key]))
  else marked.add(key)
}

const expect = (reading: Reading, code: number): void => {
  if (significant(reading) !== code) throw refusal(reading, 'not valid JSON')
  reading.at++
}

const object = (reading: Reading, depth: number): Json => {
  const value: { [key: string]: Json } = {}
  reading.at++
  if (significant(reading) === 0x7d) {
    reading.at++
    return value
  }
  for (;;) {
    if (significant(reading) !== 0x22) throw refusal(reading, 'not valid JSON')
    const key = readString(reading)
    expect(reading, 0x3a)
    reading.steps.push(key)
    if (reading.uniqueNames && Object.hasOwn(value, key)) throw refusal(reading, 'two members have the same name')
    reading.wholeFloat = false
    setMember(value, key, any(reading, depth))
    if (reading.wholeFloat) mark(reading, value, key)
    else reading.floats?.get(value)?.delete(key)
    reading.wholeFloat = false
    reading.steps.pop()
    if (significant(reading) === 0x7d) break
    expect(reading, 0x2c)
  }
  reading.at++
  return value
}

const array = (reading: Reading, depth: number): Json => {
  const value: Array<Json> = []
  reading.at++
  if (significant(reading) === 0x5d) {
    reading.at++
    return value
  }
  for (;;) {
    reading.steps.push(value.length)
    value.push(any(reading, depth))
    reading.steps.pop()
    if (significant(reading) === 0x5d) break
    expect(reading, 0x2c)
  }
  reading.at++
  // what the last item was says nothing of the array
  reading.wholeFloat = false
  return value
}

const literal = <A extends Json>(reading: Reading, token: string, value: A): A => {
  if (!reading.text.startsWith(token, reading.at)) throw refusal(reading, 'not valid JSON')
  reading.at += token.length
  return value
}

const deeper = (reading: Reading, depth: number): number => {
  if (depth < maxNesting) return depth + 1
  const path = reading.steps.reduce(pathTo, reading.root)
  const message = `nested more than ${maxNesting} levels deep (at ${path})`
  throw new Refusal(failure('LimitExceeded', message, { path, limit: maxNesting, size: maxNesting + 1 }))
}

const any = (reading: Reading, depth: number): Json => {
  switch (significant(reading)) {
    case 0x22:
      return readString(reading)
    case 0x7b:
      return object(reading, deeper(reading, depth))
    case 0x5b:
      return array(reading, deeper(reading, depth))
    case 0x74:
      return literal(reading, 'true', true)
    case 0x66:
      return literal(reading, 'false', false)
    case 0x6e:
      return literal(reading, 'null', null)
    default:
      return readNumber(reading)
  }
}

/** `parseExactJson` for the readers of these folders, which throw their refusals. */
export const readExactJson = (
  text: string,
  { path = '$', within = 0, uniqueNames = false }: Place & Strictness = {}
): ExactJson => {
  const reading: Reading = {
    text,
    uniqueNames,
    at: 0,
    root: path,
    steps: [],
    wholeFloat: false,
    illFormed: !text.isWellFormed(),
    floats: undefined
  }
  const value = any(reading, within)
  significant(reading)
  if (reading.at < text.length) throw refusal(reading, 'not valid JSON: something follows the value')
  return { value, floats: reading.floats ?? noFloats }
}

/**
 * Reads strict JSON and never alters a number in silence: an integer literal beyond ±(2^53 − 1) is `InvalidInput` with
 * its JSON path, judged on the text. −0 is 0, underflow is 0; overflow and lone surrogates are refused, and so is what
 * the predecessor would nest too deep to load (`LimitExceeded`). Of members with one name the last counts, unless
 * `uniqueNames` refuses them. See ADR 0003.
 */
export const parseExactJson = (text: string, options: Place & Strictness = {}): E.Either<Failure, ExactJson> =>
  refusing(() => readExactJson(text, options))
