import { failure } from '../../domain/failure.ts'
import type { Json } from '../../domain/json.ts'
import type { Parsed } from '../../domain/parsing/parsed.ts'
import { type Cursor, pathOf, refusal, significant } from './cursor.ts'
import { setMember } from './members.ts'
import { readNumber } from './number.ts'
import { Refusal, refusing } from './refusal.ts'
import { readString } from './string.ts'

/**
 * For each object those of the members asked for whose number is whole but was not written as an integer: `1.0`, `1e3`,
 * `-0`. They are a few, so that a list of them is small and quick to look through.
 */
export type Floats = ReadonlyMap<object, ReadonlyArray<string>>

export type ExactJson = { readonly value: Json; readonly floats: Floats }

export type Reader = {
  /** Where the text stands in a larger one: the path of its value, and how many containers are around it. */
  readonly path?: string
  readonly within?: number
  /** The names of members of which it matters whether a whole number was written as an integer; none by default. */
  readonly integers?: ReadonlySet<string>
  /** Whether two members of one name are refused: which of them was meant, nobody knows. Else the last counts. */
  readonly uniqueNames?: boolean
}

/** As deep as the predecessor's reader goes: containers within containers, the outermost counted. */
export const maxNesting = 127

/**
 * As many values as one text may hold. A value takes a hundred bytes of memory or so, however few it takes in the text:
 * a line of `[[],[],…]` would take twenty times its size. An outcome as large as it may be has half as many.
 */
export const maxValues = 500_000

type Reading = Cursor & {
  readonly uniqueNames: boolean
  readonly integers: ReadonlySet<string>
  readonly floats: Map<object, ReadonlyArray<string>>
  /** How many values are yet to come at most. */
  left: number
}

const none: ReadonlySet<string> = new Set()

/** Notes how the last of a name was written; a number that was written as an integer takes the note away. */
const note = ({ floats, wholeFloat }: Reading, object: object, key: string): void => {
  const noted = floats.get(object) ?? []
  if (wholeFloat !== noted.includes(key)) {
    floats.set(object, wholeFloat ? [...noted, key] : noted.filter((name) => name !== key))
  }
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
    if (reading.integers.has(key)) note(reading, value, key)
    reading.wholeFloat = false
    reading.steps.pop()
    if (significant(reading) === 0x7d) break
    expect(reading, 0x2c)
  }
  reading.at++
  return value
}

const item = (reading: Reading, depth: number, index: number): Json => {
  reading.steps.push(index)
  const value = any(reading, depth)
  reading.steps.pop()
  return value
}

const array = (reading: Reading, depth: number): Json => {
  reading.at++
  if (significant(reading) === 0x5d) {
    reading.at++
    return []
  }
  // a first item pushed into nothing would make room for sixteen more
  const value: Array<Json> = [item(reading, depth, 0)]
  for (;;) {
    if (significant(reading) === 0x5d) break
    expect(reading, 0x2c)
    value.push(item(reading, depth, value.length))
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

const limitExceeded = (reading: Reading, why: string, limit: number): Refusal => {
  const path = pathOf(reading)
  return new Refusal(failure('LimitExceeded', `${why} (at ${path})`, { path, limit, size: limit + 1 }))
}

const deeper = (reading: Reading, depth: number): number => {
  if (depth < maxNesting) return depth + 1
  throw limitExceeded(reading, `nested more than ${maxNesting} levels deep`, maxNesting)
}

const any = (reading: Reading, depth: number): Json => {
  if (reading.left-- === 0) throw limitExceeded(reading, `more than ${maxValues} values in one text`, maxValues)
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

const readExactJson = (
  text: string,
  { path = '$', within = 0, integers = none, uniqueNames = false }: Reader = {}
): ExactJson => {
  const reading: Reading = {
    text,
    uniqueNames,
    at: 0,
    root: path,
    steps: [],
    wholeFloat: false,
    illFormed: !text.isWellFormed(),
    integers,
    floats: new Map(),
    left: maxValues
  }
  const value = any(reading, within)
  significant(reading)
  if (reading.at < text.length) throw refusal(reading, 'not valid JSON: something follows the value')
  return { value, floats: reading.floats }
}

/**
 * Reads strict JSON and never alters a number in silence: an integer literal beyond ±(2^53 − 1) is `InvalidInput` with
 * its JSON path, judged on the text. −0 is 0, underflow is 0; overflow and lone surrogates are refused, and so are what
 * the predecessor would nest too deep to load, and more than 500,000 values (`LimitExceeded`). Of members with one name
 * the last counts, unless `uniqueNames` refuses them. What is read keeps no more of the text alive than it holds of it.
 * See ADR 0003.
 */
export const parseExactJson = (text: string, reader: Reader = {}): Parsed<ExactJson> =>
  refusing(() => readExactJson(text, reader))
