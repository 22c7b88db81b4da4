import * as E from 'fp-ts/Either'
import type { Json } from '../../domain/json.ts'
import { maxPoints } from '../../domain/recovery-points.ts'
import { utf8Bytes } from '../../domain/text.ts'
import type { Holding } from './holding.ts'
import { passing, retrying } from './retrying.ts'
import { StepUnrecorded } from './step-unrecorded.ts'
import type { Surroundings } from './surroundings.ts'
import { TaskAborted } from './task-aborted.ts'
import type { Step } from './task-context.ts'

/** Longer names would take room from the results. */
const maxNameBytes = 256

const isName = (name: unknown): name is string =>
  typeof name === 'string' && name !== '' && name.isWellFormed() && utf8Bytes(name) <= maxNameBytes

/** The steps of one attempt. */
export type Steps = {
  readonly step: Step
  /** Whether the effect of a step happened and could not be put on record. */
  readonly hasUnrecorded: () => boolean
}

/**
 * Steps over a holding. A name that was reached, in this attempt or one that it goes on from, is not run again, in
 * whatever order names come; one that runs right now is waited for.
 */
export const stepsOf = (
  surroundings: Surroundings,
  holding: Holding,
  signal: AbortSignal,
  onLost: () => void
): Steps => {
  const kept = new Map((holding.record.recoveryPoints ?? []).map(({ name, data }) => [name, data]))
  const carried = new Map(holding.carried.map(({ name, data }) => [name, data]))
  const running = new Map<string, Promise<Json | undefined>>()
  let isUnrecorded = false

  /** Puts on record what happened. */
  const keep = async (name: string, result: unknown): Promise<Json | undefined> => {
    // whether it is JSON the ledger judges
    const data = result as Json | undefined
    const reached = await retrying(surroundings, passing, () => holding.reach(name, data))
    if (E.isLeft(reached)) {
      isUnrecorded = true
      throw new StepUnrecorded(name, reached.left)
    }
    if (reached.right._tag !== 'Reached') {
      onLost()
      throw new TaskAborted('ClaimLost')
    }
    kept.set(name, structuredClone(data))
    return data
  }

  const runNow = async (name: string, run: () => unknown): Promise<Json | undefined> => {
    if (carried.has(name)) return structuredClone(await keep(name, carried.get(name)))
    if (kept.size >= maxPoints) {
      throw new RangeError(`a task has ${maxPoints} steps at most; the step did not run`)
    }
    return keep(name, await run())
  }

  const begin = async (name: string, run: () => unknown): Promise<Json | undefined> => {
    const work = runNow(name, run)
    running.set(name, work)
    try {
      return await work
    } finally {
      running.delete(name)
    }
  }

  const step = async (name: string, run: () => unknown): Promise<Json | undefined> => {
    if (!isName(name)) throw new TypeError(`the name of a step must be a text of 1 to ${maxNameBytes} bytes`)
    signal.throwIfAborted()
    if (kept.has(name)) return structuredClone(kept.get(name))
    return running.get(name) ?? begin(name, run)
  }

  return {
    // what a step gave is JSON, and of the type that it had when it was kept
    step: step as Step,
    hasUnrecorded: () => isUnrecorded
  }
}
