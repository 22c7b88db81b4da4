import { onTestFinished } from 'vitest'
import type { EventStore } from '../../src/application/ports/event-store.ts'
import type { OpenedViewStore } from '../../src/application/ports/view-store.ts'
import { createLedger, type Ledger } from '../../src/index.ts'
import { openMemoryStore } from '../../src/memory.ts'
import { createProjections, openMemoryViews, type Projections, type ProjectionsOptions } from '../../src/projections.ts'

const tenant = { orgId: 'acme', workspaceId: 'shop' } as const

export const keyNamed = (key: string) => ({ tenant, operation: 'charge', key })

/** Reserves keys, as many as are named, and completes every second of them. */
export const reserveKeys = async (ledger: Ledger, ...keys: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  const ids: Array<string> = []
  for (const [index, key] of keys.entries()) {
    const answer = await ledger.reserve({ ...keyNamed(key), owner: 'me', requestFingerprint: 'f', lease: 'none' })
    if (answer._tag !== 'Reserved') throw new Error(answer._tag)
    ids.push(answer.record.recordId)
    if (index % 2 === 1) await ledger.complete({ claim: answer.claim, outcome: { outcomeKind: 'charged' } })
  }
  return ids
}

export const keys = (count: number): ReadonlyArray<string> => Array.from({ length: count }, (_, n) => `key ${n}`)

export type World = {
  readonly store: EventStore
  readonly views: OpenedViewStore
  readonly ledger: Ledger
  readonly projections: Projections
}

/** A ledger, and projections of it, on stores that go with the test. */
export const world = async (
  given: Partial<ProjectionsOptions> & { readonly views?: OpenedViewStore } = {}
): Promise<World> => {
  const store = given.store ?? (await openMemoryStore())
  const views = given.views ?? (await openMemoryViews())
  const projections = createProjections({ leaseMs: 1000, ...given, store, views })
  onTestFinished(async () => {
    await projections.dispose()
    await views.dispose()
    await store.dispose()
  })
  return { store, views, projections, ledger: createLedger({ store }) }
}

/** Reserves many keys by 32 callers: a busy machine has its time for each of them. */
export const reserveMany = async (ledger: Ledger, names: ReadonlyArray<string>): Promise<void> => {
  const left = [...names]
  const caller = async (): Promise<void> => {
    for (let name = left.pop(); name !== undefined; name = left.pop()) await reserveKeys(ledger, name)
  }
  await Promise.all(Array.from({ length: 32 }, caller))
}
