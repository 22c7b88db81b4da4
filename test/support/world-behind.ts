import { memoryStore } from '../../src/adapters/memory/event-store.ts'
import type { EventStore } from '../../src/application/ports/event-store.ts'
import { createLedger, type Ledger, type LedgerOptions } from '../../src/composition/ledger.ts'
import type { Claim } from '../../src/domain/claim.ts'
import { type OldReads, oldReads } from './old-reads.ts'
import { asking, claimOf, keyOf } from './scripted-ledger.ts'
import { seededChance } from './seeded-chance.ts'
import { type VirtualTime, virtualTime } from './virtual-time.ts'

export const operator = { ...keyOf(), actor: 'op', note: 'n' }
export const deadlineMs = 10_000

export type World = {
  readonly real: EventStore
  readonly store: OldReads
  readonly time: VirtualTime
  readonly ledger: Ledger
  /** A ledger without a fold of anything: by another process on the store itself, unless one on the same view is asked for. */
  readonly another: (options?: Partial<LedgerOptions>) => Ledger
}

export const world = (real: EventStore = memoryStore()): World => {
  const store = oldReads(real)
  const time = virtualTime()
  let seed = 1
  const another = (options: Partial<LedgerOptions> = {}): Ledger =>
    createLedger({ store, clock: () => 1000, timer: time, chance: seededChance(seed++), deadlineMs, ...options })
  return { real, store, time, ledger: another(), another }
}

/** The third reservation of a key: a stream of five events, each of which this process wrote itself. */
export const held = async (made: World): Promise<World & { readonly claim: Claim }> => {
  for (let epoch = 1; epoch < 3; epoch++) {
    const claim = claimOf(await made.ledger.reserve(asking({ owner: `owner ${epoch}` })))
    await made.ledger.release({ claim })
  }
  const claim = claimOf(await made.ledger.reserve(asking({ claimId: 'mine', lease: 5000 })))
  return { ...made, claim }
}

/** What an old read shows, by the number of events. */
