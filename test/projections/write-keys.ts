import type { EventStore } from '../../src/application/ports/event-store.ts'
import { createLedger } from '../../src/index.ts'

const tenant = { orgId: 'acme', workspaceId: 'shop' } as const
const callers = 32

/** Reserves keys by number, each twice, and completes them: three events a key. Told of each that is written. */
export const writeKeys = async (store: EventStore, from: number, to: number, told: () => void): Promise<void> => {
  const ledger = createLedger({ store })
  const one = async (n: number): Promise<void> => {
    const request = { tenant, operation: 'charge', key: `key ${n}`, owner: 'me', requestFingerprint: 'f' }
    const answer = await ledger.reserve({ ...request, lease: 'none' })
    if (answer._tag !== 'Reserved') throw new Error(answer._tag)
    await ledger.reserve({ ...request, lease: 'none' })
    await ledger.complete({ claim: answer.claim, outcome: { outcomeKind: 'charged' } })
    told()
  }
  let next = from
  const caller = async (): Promise<void> => {
    while (next < to) await one(next++)
  }
  await Promise.all(Array.from({ length: callers }, caller))
  await ledger.dispose()
}
