import { resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import { onTestFinished } from 'vitest'
import type { Fault, FaultAction } from '../../src/testing/eventstoredb.ts'
import { seeded } from './seeded.ts'

/** A fault, and how often it comes beside the others. */
type Weighted = Fault & { readonly name: string; readonly weight: number }

export type Script = {
  readonly nodes: number
  readonly seed: number
  /** How many of the appends a fault strikes, from 0 to 1. */
  readonly share: number
  readonly faults: ReadonlyArray<Weighted>
}

/** A stand-in in another thread. */
export type Server = {
  readonly url: string
  readonly lead: (node: number) => Promise<void>
  readonly resign: (node: number) => Promise<void>
  readonly stop: (node: number) => Promise<void>
  readonly restart: (node: number) => Promise<void>
  /** How many appends arrived. */
  readonly appends: () => Promise<number>
  /** How many calls of any kind did. */
  readonly calls: () => Promise<number>
  /** How often each fault struck. */
  readonly struck: () => Promise<Readonly<Record<string, number>>>
}

const weights: ReadonlyArray<readonly [FaultAction, number]> = [
  ['drop', 4],
  ['hang', 2],
  ['freeze', 0.3],
  [{ error: 'timeout' }, 30],
  [{ error: 'deadline' }, 20],
  [{ error: 'unavailable' }, 7],
  [{ error: 'cancelled' }, 7],
  [{ error: 'internal' }, 20],
  [{ error: 'unknown' }, 10]
]

const nameOf = (action: FaultAction): string =>
  typeof action === 'string' ? action : 'error' in action ? action.error : 'delay'

/** Every way to lose an answer, before or after the commit. */
export const faultsAt = (when: 'before' | 'after'): ReadonlyArray<Weighted> =>
  weights.map(([action, weight]) => ({ do: action, when, weight, name: nameOf(action) }))

type Answer = { readonly id: number; readonly result: unknown }

/** Starts a stand-in in a thread that goes with the test. */
export const serverInThread = async (script: Script): Promise<Server> => {
  const chances = Float64Array.from({ length: 100_000 }, seeded(script.seed))
  const workerData = { ...script, chances }
  const thread = new Worker(resolve(import.meta.dirname, 'server-thread.mjs'), { workerData })
  onTestFinished(async () => {
    await thread.terminate()
  })
  const waiting = new Map<number, (result: unknown) => void>()
  const { url } = await new Promise<{ readonly url: string }>((ready, reject) => {
    thread.once('message', ready)
    thread.once('error', reject)
  })
  thread.on('message', ({ id, result }: Answer) => {
    waiting.get(id)?.(result)
    waiting.delete(id)
  })
  let asked = 0
  const ask = <A>(action: string, node?: number): Promise<A> =>
    new Promise((answer) => {
      const id = asked++
      waiting.set(id, (result) => answer(result as A))
      thread.postMessage({ id, action, node })
    })
  return {
    url,
    lead: (node) => ask('lead', node),
    resign: (node) => ask('resign', node),
    stop: (node) => ask('stop', node),
    restart: (node) => ask('restart', node),
    appends: () => ask('appends'),
    calls: () => ask('calls'),
    struck: () => ask('struck')
  }
}
