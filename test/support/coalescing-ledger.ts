import { expect } from 'vitest'
import type { Random } from '../../src/application/ports/random.ts'
import { eventually } from './eventually.ts'
import { asking, claimOf, type ScriptedLedger, scriptedLedger, stored } from './scripted-ledger.ts'
import type { ScriptedStore } from './scripted-store.ts'
import { type VirtualTime, virtualTime } from './virtual-time.ts'

/** A held key and a ledger that coalesces; time passes only where a test says so. */
export const held = async ({
  lease = 1000,
  ...options
}: {
  lease?: number
  deadlineMs?: number
  chance?: Random
} = {}) => {
  const time = virtualTime({ eager: false })
  const world = scriptedLedger({ recording: 'coalesce', timer: time, ...options })
  const claim = claimOf(await world.ledger.reserve(asking({ lease })))
  world.store.forget()
  return { ...world, time, claim }
}

export const other = (requestFingerprint = 'other') => asking({ requestFingerprint })

/** What the stream tells beside its first event: type, and how many times. */
export const told = async (store: ScriptedStore): Promise<ReadonlyArray<string>> =>
  (await stored(store)).slice(1).map(({ type, data }) => {
    const { count } = JSON.parse(data)
    return count === undefined ? type : `${type} ${count}`
  })

/** Lets the interval end, and what it starts come to its end. */
export const intervalEnds = async (time: VirtualTime, { store }: Pick<ScriptedLedger, 'store'>): Promise<void> => {
  await eventually(() => expect(time.sleeping()).toBe(1))
  const before = store.reads.length
  time.pass(1000)
  await eventually(() => expect(store.reads.length).toBeGreaterThan(before))
}
