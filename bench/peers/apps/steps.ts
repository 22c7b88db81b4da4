import type { JSONValue } from '@aws-lambda-powertools/commons/types'
import { held, type Items, type Rules } from './held.ts'

/** Does a part of a task that is on record by its name, and is not done again by whoever goes on with the task. */
export type Step = <A extends JSONValue>(name: string, part: (signal: AbortSignal) => Promise<A>) => Promise<A>

/** A step is a key of its own; one that another died in is done again once its lease is over. */
export const stepsOf =
  (items: Items, rules: Omit<Rules<never>, 'recover'>, signal: AbortSignal): Step =>
  async (name, part) => {
    signal.throwIfAborted()
    const key = `${rules.key} ${name}`
    let thrown: unknown
    const onThrow = (error: unknown) => {
      thrown = error
      return 'transient' as const
    }
    const answer = await held(items, { ...rules, key, onThrow }, () => part(signal))
    if (answer._tag === 'Ran' || answer._tag === 'Replayed') return answer.value
    throw thrown ?? new Error(`${name}: ${answer._tag}`)
  }
