import { type Json, jsonFault } from '../../domain/json.ts'

/**
 * What a failure of a task means. `definitive`: it failed for good, and whoever asks again is told the same; `transient`:
 * nothing happened, and it may be tried again; `ambiguous`: nobody knows whether it happened.
 */
export type Classification = 'definitive' | 'transient' | 'ambiguous' | { readonly definitive: Json }

/** One for all failures, or a function that tells them apart. */
export type ThrowPolicy<E> = 'definitive' | 'transient' | 'ambiguous' | ((error: E) => Classification)

export type Classified =
  | { readonly _tag: 'Definitive'; readonly failure: Json }
  | { readonly _tag: 'Transient' }
  | { readonly _tag: 'Ambiguous' }

const ambiguous: Classified = { _tag: 'Ambiguous' }

/** What is stored of an error that nobody put into words: itself where it is JSON, else its name and message. */
export const failureIn = (error: unknown): Json => {
  if (error instanceof Error) return { name: error.name.toWellFormed(), message: error.message.toWellFormed() }
  return error !== undefined && isJson(error) ? error : { name: 'Error', message: 'the task failed' }
}

const isJson = (value: unknown): value is Json => jsonFault(value, '$', 100) === undefined

const fromWord = (word: unknown, error: unknown): Classified => {
  if (word === 'definitive') return { _tag: 'Definitive', failure: failureIn(error) }
  if (word === 'transient') return { _tag: 'Transient' }
  if (typeof word === 'object' && word !== null && 'definitive' in word) {
    const { definitive } = word
    return { _tag: 'Definitive', failure: isJson(definitive) ? definitive : failureIn(error) }
  }
  return ambiguous
}

/**
 * Classifies a failure. A classifier that throws, or says none of the three, leaves it ambiguous; so does one word for
 * all failures where a step's effect is known to have happened and is not on record (`hasUnrecorded`).
 */
export const classify = <E>(policy: ThrowPolicy<E>, error: E, hasUnrecorded: boolean): Classified => {
  if (typeof policy !== 'function') return hasUnrecorded ? ambiguous : fromWord(policy, error)
  try {
    return fromWord(policy(error), error)
  } catch {
    return ambiguous
  }
}
