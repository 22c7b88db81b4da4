import * as E from 'fp-ts/Either'
import { type Failure, invalidInput } from '../failure.ts'
import { got, gotWord } from './got.ts'

/** What was given, once it is known to be what it should be, or why it is refused. */
export type Parsed<A> = E.Either<Failure, A>

/** Parses what stands at a path. A message calls it by its path, or by the name that is given beside it. */
export type Parser<A, I = unknown> = (path: string, value: I, name?: string) => Parsed<A>

export const refused = (message: string, path?: string): Parsed<never> => E.left(invalidInput(message, path))

/** Refuses a value: where it stands, what is allowed there, and what was given. */
export const mismatch = (path: string, wanted: string, value: unknown, name = path): Parsed<never> =>
  refused(`${name} ${wanted}, got ${got(value)}`, path)

/** Takes what it is as it is, and says of all else what it must be, and what it is. */
export const matching =
  <A>(is: (value: unknown) => value is A, wanted: string): Parser<A> =>
  (path, value, name) =>
    is(value) ? E.right(value) : mismatch(path, wanted, value, name)

/** Takes what keeps a rule, whatever its type. */
export const keeping = (keeps: (value: unknown) => boolean, wanted: string): Parser<unknown> =>
  matching((value): value is unknown => keeps(value), wanted)

/** What the first takes, once the second takes it too. */
export const both =
  <A>(first: Parser<unknown>, second: Parser<A>): Parser<A> =>
  (path, value, name) => {
    const fault = first(path, value, name)
    return E.isLeft(fault) ? fault : second(path, value, name)
  }

const inWords = (values: ReadonlyArray<string>): string =>
  [values.slice(0, -1).join(', '), ...values.slice(-1)].filter((part) => part !== '').join(' or ')

export const isAmong =
  <A extends string>(values: ReadonlyArray<unknown>) =>
  (value: unknown): value is A =>
    values.includes(value)

export const oneOf = <A extends string>(...values: ReadonlyArray<A>): Parser<A> => {
  const is = isAmong<A>(values)
  const wanted = `must be ${inWords(values)}`
  return (path, value, name = path) =>
    is(value) ? E.right(value) : refused(`${name} ${wanted}, got ${gotWord(value)}`, path)
}

const absent: Parsed<undefined> = E.right(undefined)

/** What is left out holds. */
export const optional =
  <A>(parser: Parser<A>): Parser<A | undefined> =>
  (path, value, name) =>
    value === undefined ? absent : parser(path, value, name)

/** What is left out holds, and so does null, since many languages write their absent values so. */
export const nullable =
  <A>(parser: Parser<A>): Parser<A | undefined> =>
  (path, value, name) =>
    value === undefined || value === null ? absent : parser(path, value, name)

/** What is left out takes the default. */
export const defaulted =
  <A>(parser: Parser<A>, otherwise: A): Parser<A> =>
  (path, value, name) =>
    value === undefined ? E.right(otherwise) : parser(path, value, name)

/**
 * The fields of something, once all of them are parsed, or the first failure in their order. What every reserve and
 * complete comes through is written out field by field instead: parsing a reserve took twice as long with this.
 */
export const allOf = <A extends object>(fields: { readonly [K in keyof A]: Parsed<A[K]> }): Parsed<A> => {
  const parsed: Partial<A> = {}
  for (const name in fields) {
    const field = fields[name]
    if (E.isLeft(field)) return field
    parsed[name] = field.right
  }
  return E.right(parsed as A)
}

/** Why it is refused, where only that matters. */
export const faultOf = (parsed: Parsed<unknown>): Failure | undefined => (E.isLeft(parsed) ? parsed.left : undefined)
