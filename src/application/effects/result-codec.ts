import * as E from 'fp-ts/Either'
import type { Type } from 'io-ts'
import { isFunction, isMembers } from '../../domain/parsing/values.ts'
import type { Timer } from '../ports/timer.ts'
import { within } from './within.ts'

type StandardResult<A> =
  | {
      /** What is valid. */
      readonly value: A
      /** Why it is not valid. */
      readonly issues?: undefined
    }
  | {
      /** Why it is not valid. */
      readonly issues: ReadonlyArray<unknown>
    }

/** A validator of the Standard Schema v1, as Zod, Valibot, ArkType and others make them. */
export type StandardSchema<A> = {
  /** What every Standard Schema has. */
  readonly '~standard': {
    /** Of the standard. */
    readonly version: 1
    /** Whose schema it is. */
    readonly vendor: string
    /** Reads what is stored. */
    readonly validate: (value: unknown) => StandardResult<A> | Promise<StandardResult<A>>
  }
}

/** How a value is stored and read again: an io-ts type, or a validator of what is stored as it is. */
export type ResultCodec<A> = Pick<Type<A, unknown>, 'encode' | 'decode'> | StandardSchema<A>

/** A codec as `once` uses it: it may be slow, and throws nothing. */
export type Codec<A> = {
  readonly encode: (value: A) => Promise<E.Either<unknown, unknown>>
  readonly decode: (stored: unknown) => Promise<E.Either<unknown, A>>
}

/** What is JSON comes back as it was: the ledger stores nothing that would not. */
const json = <A>(): Codec<A> => ({
  encode: async (value) => E.right(value),
  decode: async (stored) => E.right(stored as A)
})

const isStandard = <A>(given: ResultCodec<A>): given is StandardSchema<A> => isMembers(Reflect.get(given, '~standard'))

export const isResultCodec = (given: unknown): boolean => {
  if (!isMembers(given) && !isFunction(given)) return false
  const standard: unknown = Reflect.get(given, '~standard')
  if (isMembers(standard)) return isFunction(standard['validate'])
  return isFunction(Reflect.get(given, 'encode')) && isFunction(Reflect.get(given, 'decode'))
}

const nonsense = (what: string): E.Either<unknown, never> => E.left(new TypeError(`${what} gave what is no result`))

/** Whatever shape it was promised to have. */
const membersOf = (given: unknown): { readonly [member: string]: unknown } => (isMembers(given) ? given : {})

/** Runs a part of a codec, which is not ours, and may never answer. */
const trying = async <A>(
  { timer, patienceMs, signal }: Patience,
  run: () => Promise<E.Either<unknown, A>>
): Promise<E.Either<unknown, A>> => {
  try {
    return await within(timer, patienceMs, run(), () => E.left(new Error('the codec did not answer in time')), signal)
  } catch (cause) {
    return E.left(cause)
  }
}

/** How long a codec is waited for: so long, ms, and until the caller gives up. */
export type Patience = {
  readonly timer: Timer
  readonly patienceMs: number
  readonly signal?: AbortSignal | undefined
}

export const codecFrom = <A>(given: ResultCodec<A> | undefined, patience: Patience): Codec<A> => {
  if (given === undefined) return json()
  if (!isStandard(given)) {
    return {
      // what a caller gave up on is to be put on record all the same
      encode: (value) => trying({ ...patience, signal: undefined }, async () => E.right(await given.encode(value))),
      decode: (stored) =>
        trying(patience, async () => {
          const read = await given.decode(stored)
          const { _tag } = membersOf(read)
          if (_tag === 'Right' && 'right' in read) return E.right(read.right)
          return _tag === 'Left' && 'left' in read ? E.left(read.left) : nonsense('decode')
        })
    }
  }
  return {
    encode: async (value) => E.right(value),
    decode: (stored) =>
      trying(patience, async () => {
        const result = await given['~standard'].validate(stored)
        const { issues } = membersOf(result)
        if (issues !== undefined) return E.left(issues)
        return isMembers(result) && 'value' in result ? E.right(result.value) : nonsense('validate')
      })
  }
}
