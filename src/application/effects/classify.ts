import * as E from 'fp-ts/Either'
import type { Json } from '../../domain/json.ts'
import { oneOf, type Parser } from '../../domain/parsing/parsed.ts'
import { isFunction } from '../../domain/parsing/values.ts'
import { takenJson } from '../../domain/taken-json.ts'

/**
 * What a failure of a task means. `definitive`: it failed for good, and whoever asks again is told the same; `transient`:
 * nothing happened, and it may be tried again; `ambiguous`: nobody knows whether it happened.
 */
export type Classification =
  | 'definitive'
  | 'transient'
  | 'ambiguous'
  | {
      /** What is stored of the failure, and told to whoever asks again. */
      readonly definitive: Json
    }

/** One for all failures, or a function that tells them apart. It may be asynchronous. */
export type ThrowPolicy<E> =
  | 'definitive'
  | 'transient'
  | 'ambiguous'
  | ((error: E) => Classification | Promise<Classification>)

const word = oneOf('definitive', 'transient', 'ambiguous')

export const throwPolicy: Parser<unknown> = (path, value) => (isFunction(value) ? E.right(value) : word(path, value))

export type Classified =
  | { readonly _tag: 'Definitive'; readonly failure: Json }
  | { readonly _tag: 'Transient' }
  | { readonly _tag: 'Ambiguous' }

/** What is known of a failed task beside its error. */
export type Circumstances = {
  /**
   * Whether a step's effect may have happened and is not on record. `told`: of one alone, whose own error this is;
   * `hidden`: of another.
   */
  readonly unrecorded: 'none' | 'told' | 'hidden'
  /** Whether the task had been told to stop: it may have been stopped half-way through an effect. */
  readonly wasStopped: boolean
}

const ambiguous: Classified = { _tag: 'Ambiguous' }

const textIn = (read: () => unknown): string | undefined => {
  try {
    const text = read()
    return typeof text === 'string' ? text.toWellFormed() : undefined
  } catch {
    return undefined
  }
}

const isError = (thrown: unknown): thrown is Error => {
  try {
    return thrown instanceof Error
  } catch {
    return false
  }
}

const takenOr = (value: unknown, maxValues: number | undefined, otherwise: () => Json): Json => {
  const taken = takenJson(value, '$', { maxValues })
  return E.isRight(taken) && taken.right !== undefined ? taken.right : otherwise()
}

/** What is stored of an error that nobody put into words: itself where it is JSON, else its name and message. Total. */
export const failureIn = (error: unknown, maxValues?: number): Json => {
  if (isError(error)) {
    return { name: textIn(() => error.name) ?? 'Error', message: textIn(() => error.message) ?? 'the task failed' }
  }
  return takenOr(error, maxValues, () => ({ name: 'Error', message: 'the task failed' }))
}

const fromWord = (said: unknown, error: unknown, maxValues?: number): Classified => {
  if (said === 'definitive') return { _tag: 'Definitive', failure: failureIn(error, maxValues) }
  if (said === 'transient') return { _tag: 'Transient' }
  if (typeof said === 'object' && said !== null && 'definitive' in said) {
    return { _tag: 'Definitive', failure: takenOr(said.definitive, maxValues, () => failureIn(error, maxValues)) }
  }
  return ambiguous
}

/**
 * Classifies a failure. A classifier that throws, rejects, or says none of the three leaves it ambiguous. One word for all
 * failures does not know of a step that is not on record, nor, as `transient`, of a task that was stopped half-way; and
 * nobody knows of a step that the error does not tell of. `maxValues`: of so many what is stored of it is at most.
 */
export const classify = async <E>(
  policy: ThrowPolicy<E>,
  error: E,
  { unrecorded, wasStopped }: Circumstances,
  maxValues?: number
): Promise<Classified> => {
  try {
    if (typeof policy !== 'function') {
      const isBlind = unrecorded !== 'none' || (wasStopped && policy === 'transient')
      return isBlind ? ambiguous : fromWord(policy, error, maxValues)
    }
    const classified = fromWord(await policy(error), error, maxValues)
    return classified._tag === 'Transient' && unrecorded === 'hidden' ? ambiguous : classified
  } catch {
    return ambiguous
  }
}
