import * as E from 'fp-ts/Either'
import type { Type } from 'io-ts'
import { isFunction, isMembers } from '../../domain/parsing/values.ts'

type StandardResult<A> =
  | { readonly value: A; readonly issues?: undefined }
  | { readonly issues: ReadonlyArray<unknown> }

/** A validator of the Standard Schema v1, as Zod, Valibot, ArkType and others make them. */
export type StandardSchema<A> = {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult<A> | Promise<StandardResult<A>>
  }
}

/** How a value is stored and read again: an io-ts type, or a validator of what is stored as it is. */
export type ResultCodec<A> = Pick<Type<A, unknown>, 'encode' | 'decode'> | StandardSchema<A>

/** A codec as `once` uses it: it may be slow, and throws nothing. */
export type Codec<A> = {
  readonly encode: (value: A) => E.Either<unknown, unknown>
  readonly decode: (stored: unknown) => Promise<E.Either<unknown, A>>
}

/** What is JSON comes back as it was: the ledger stores nothing that would not. */
const json = <A>(): Codec<A> => ({
  encode: E.right,
  decode: async (stored) => E.right(stored as A)
})

const isStandard = <A>(given: ResultCodec<A>): given is StandardSchema<A> => '~standard' in given

export const isResultCodec = (given: unknown): boolean => {
  if (!isMembers(given) && !isFunction(given)) return false
  const standard: unknown = Reflect.get(given, '~standard')
  if (isMembers(standard)) return isFunction(standard['validate'])
  return isFunction(Reflect.get(given, 'encode')) && isFunction(Reflect.get(given, 'decode'))
}

/** Runs a part of a codec, which is not ours. */
const trying = async <A>(run: () => Promise<E.Either<unknown, A>>): Promise<E.Either<unknown, A>> => {
  try {
    return await run()
  } catch (cause) {
    return E.left(cause)
  }
}

export const codecFrom = <A>(given: ResultCodec<A> | undefined): Codec<A> => {
  if (given === undefined) return json()
  if (!isStandard(given)) {
    return {
      encode: (value) =>
        E.tryCatch(
          () => given.encode(value),
          (cause) => cause
        ),
      decode: (stored) => trying(async () => given.decode(stored))
    }
  }
  return {
    encode: E.right,
    decode: (stored) =>
      trying(async () => {
        const result = await given['~standard'].validate(stored)
        return result.issues === undefined ? E.right(result.value) : E.left(result.issues)
      })
  }
}
