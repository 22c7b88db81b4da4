import * as E from 'fp-ts/Either'
import type { Json } from '../../domain/json.ts'
import { maxPointBytes, maxPoints, type RecoveryPoints } from '../../domain/recovery-points.ts'
import { takenJson } from '../../domain/taken-json.ts'
import { utf8Bytes } from '../../domain/text.ts'
import type { Circumstances } from './classify.ts'
import type { Holding } from './holding.ts'
import { passing, retrying } from './retrying.ts'
import { StepUnrecorded } from './step-unrecorded.ts'
import type { Surroundings } from './surroundings.ts'
import { TaskAborted } from './task-aborted.ts'
import type { Step } from './task-context.ts'
import { within } from './within.ts'

/** Longer names would take room from the results. */
const maxNameBytes = 256

/** Refuses what cannot be the name of a step, or of a downstream key. */
export const assertName = (what: string, name: unknown): void => {
  const isName = typeof name === 'string' && name !== '' && name.isWellFormed() && utf8Bytes(name) <= maxNameBytes
  if (!isName) throw new TypeError(`the name of a ${what} must be a text of 1 to ${maxNameBytes} bytes`)
}

/** The steps of one attempt. */
export type Steps = {
  readonly step: Step
  /** From now on none begins. */
  readonly close: () => void
  readonly isRunning: () => boolean
  /** Waits for those that run, so long at most, ms. */
  readonly ended: (ms: number) => Promise<void>
  /** What is known of effects that are not on record, beside what an error tells. */
  readonly unrecordedBeside: (error: unknown) => Circumstances['unrecorded']
}

/** What the steps of an attempt are about. */
export type StepsOf = {
  readonly holding: Holding
  /** Points of earlier attempts: they are to be written into this one before they count. */
  readonly carried: RecoveryPoints
  /** How long it is tried to put a point on record, ms. */
  readonly patienceMs: number
  readonly signal: AbortSignal
  readonly onLost: () => void
}

/**
 * Steps over a holding. A name that was reached, in this attempt or one that it goes on from, is not run again, in
 * whatever order names come; one that runs right now is waited for.
 */
export const stepsOf = (
  surroundings: Surroundings,
  { holding, carried: points, patienceMs, signal, onLost }: StepsOf
): Steps => {
  const kept = new Map((holding.record.recoveryPoints ?? []).map(({ name, data }) => [name, data]))
  const carried = new Map(points.map(({ name, data }) => [name, data]))
  const running = new Map<string, { readonly mark: object; readonly work: Promise<Json | undefined> }>()
  const unrecorded = new Set<unknown>()
  let isClosed = false

  const lost = (name: string, failure: StepUnrecorded['failure']): never => {
    const error = new StepUnrecorded(name, failure)
    unrecorded.add(error)
    throw error
  }

  /** Puts on record what happened. */
  const keep = async (name: string, result: unknown): Promise<Json | undefined> => {
    const snapshot = takenJson(result, '$.data', { maxValues: maxPointBytes })
    if (E.isLeft(snapshot)) return lost(name, snapshot.left)
    const data = snapshot.right
    const reached = await retrying(surroundings, passing, () => holding.reach(name, data), patienceMs)
    if (E.isLeft(reached)) return lost(name, reached.left)
    if (reached.right._tag !== 'Reached') {
      onLost()
      throw new TaskAborted('ClaimLost')
    }
    kept.set(name, data)
    return data
  }

  const assertOpen = (): void => {
    signal.throwIfAborted()
    if (isClosed) throw new TaskAborted('TaskEnded')
  }

  const effect = async (run: () => unknown): Promise<unknown> => {
    try {
      return await run()
    } catch (error) {
      // the task had failed of something else by then, and nobody is asked what this means
      if (isClosed) unrecorded.add(error)
      throw error
    }
  }

  const runNow = async (name: string, run: () => unknown): Promise<Json | undefined> => {
    assertOpen()
    return keep(name, carried.has(name) ? carried.get(name) : await effect(run))
  }

  const begin = async (name: string, run: () => unknown): Promise<Json | undefined> => {
    // those that run will be kept too
    if (kept.size + running.size >= maxPoints) {
      throw new RangeError(`a task has ${maxPoints} steps at most; the step did not run`)
    }
    const mark = {}
    // it is known to run before anything of it does
    const work = Promise.resolve().then(() => surroundings.nesting.within(mark, () => runNow(name, run)))
    running.set(name, { mark, work })
    try {
      return await work
    } finally {
      running.delete(name)
    }
  }

  const resultOf = async (name: string, run: () => unknown): Promise<Json | undefined> => {
    assertName('step', name)
    assertOpen()
    if (kept.has(name)) return kept.get(name)
    const now = running.get(name)
    if (now === undefined) return begin(name, run)
    if (surroundings.nesting.isWithin(now.mark)) {
      throw new TypeError('a step cannot wait for itself: its name is used within it')
    }
    return now.work
  }

  /** Each caller has a copy of his own. */
  const step = (name: string, run: () => unknown): Promise<Json | undefined> => {
    const result = resultOf(name, run).then((data) => structuredClone(data))
    // nobody may wait for it any more: a step that floats must not end the process
    result.catch(() => {})
    return result
  }

  return {
    // what a step gave is JSON, and of the type that it had when it was kept
    step: step as Step,
    close: () => {
      isClosed = true
    },
    isRunning: () => running.size > 0,
    ended: async (ms) => {
      const all = Promise.allSettled([...running.values()].map(({ work }) => work))
      if (running.size > 0) await within(surroundings.timer, ms, all, () => [])
    },
    unrecordedBeside: (error) => {
      if (running.size > 0 || unrecorded.size > 1) return 'hidden'
      if (unrecorded.size === 0) return 'none'
      return unrecorded.has(error) ? 'told' : 'hidden'
    }
  }
}
