import { expect } from 'vitest'
import { memoryStore } from '../../src/adapters/memory/event-store.ts'
import type { EventStore, RecordedEvent } from '../../src/application/ports/event-store.ts'
import type { OutcomeInput, ReserveRequest } from '../../src/application/requests/requests.ts'
import { recordId } from '../../src/composition/hashing.ts'
import { createLedger, type Ledger, type LedgerOptions } from '../../src/composition/ledger.ts'
import { KeyfoldError } from '../../src/composition/promises.ts'
import type { ReserveAnswer, Reserved } from '../../src/domain/answers.ts'
import type { Claim } from '../../src/domain/claim.ts'
import { type ScriptedStore, scriptedStore } from './scripted-store.ts'
import { seededChance } from './seeded-chance.ts'
import { type VirtualTime, virtualTime } from './virtual-time.ts'

const tenant = { orgId: 'org', workspaceId: 'ws' } as const

export const keyOf = (key = 'k') => ({ tenant, operation: 'op', key })

export const idOf = (key = 'k'): string => recordId(tenant, 'op', key)

export const streamOf = (key = 'k'): string => `idempotency-${idOf(key)}`

/** A reserve of the key `k`, with a lease of 1,000 ms. */
export const asking = (over: Partial<ReserveRequest> = {}): ReserveRequest => ({
  ...keyOf(),
  owner: 'me',
  requestFingerprint: 'fp',
  lease: 1000,
  ...over
})

export const done: OutcomeInput = { outcomeKind: 'done', completedAtMs: 1 }

export type ScriptedOptions = Partial<LedgerOptions> &
  Pick<EventStore, 'maxAppendBytes'> & {
    /** Whether the store can write to many streams in one transaction, as SQLite can and EventStoreDB cannot. */
    readonly transactions?: boolean
  }

/** A ledger on a store that goes as it is told, in virtual time; and a rival process on the same store. */
export type ScriptedLedger = {
  readonly store: ScriptedStore
  readonly time: VirtualTime
  /** What the ledgers' clock shows. */
  readonly clock: { now: number }
  readonly ledger: Ledger
  readonly rival: Ledger
}

export const scriptedLedger = ({
  maxAppendBytes,
  transactions = true,
  ...options
}: ScriptedOptions = {}): ScriptedLedger => {
  const real = memoryStore()
  const { appendAtomically, ...memory } = real
  const store = scriptedStore({
    ...memory,
    ...(real.confirmCurrent && { confirmCurrent: real.confirmCurrent }),
    ...(transactions && appendAtomically && { appendAtomically }),
    ...(maxAppendBytes !== undefined && { maxAppendBytes })
  })
  const time = virtualTime()
  const clock = { now: 1000 }
  const shared = { clock: () => clock.now }
  return {
    store,
    time,
    clock,
    ledger: createLedger({ ...shared, store, timer: time, chance: seededChance(1), ...options }),
    rival: createLedger({ ...shared, store: store.real, timer: virtualTime(), chance: seededChance(2) })
  }
}

/** The claim of an answer that grants one. */
export const claimOf = (answer: ReserveAnswer): Claim => granted(answer).claim

export const granted = (answer: ReserveAnswer): Reserved => {
  if (answer._tag !== 'Reserved') expect.unreachable(`expected a claim, got ${answer._tag}`)
  return answer
}

/** The failure that a promise of a ledger is rejected with. */
export const failureOf = async (promise: Promise<unknown>): Promise<KeyfoldError['failure']> => {
  const error = await promise.then(
    (answer) => expect.unreachable(`expected a failure, got ${JSON.stringify(answer)}`),
    (cause: unknown) => cause
  )
  if (!(error instanceof KeyfoldError)) throw error
  return error.failure
}

/** What a key's stream holds, as the store has it. */
export const stored = async (store: ScriptedStore, key = 'k'): Promise<ReadonlyArray<RecordedEvent>> => {
  const read = await store.real.readStream(streamOf(key), 'forwards', 'start', 100_000)()
  if (read._tag === 'Left') throw new Error(read.left.message)
  return read.right
}

export const storedTypes = async (store: ScriptedStore, key = 'k'): Promise<ReadonlyArray<string>> =>
  (await stored(store, key)).map(({ type }) => type)
