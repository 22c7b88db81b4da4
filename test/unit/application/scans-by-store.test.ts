import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/adapters/memory/event-store.ts'
import type { EventStore } from '../../../src/application/ports/event-store.ts'
import { createLedger } from '../../../src/index.ts'
import { freshCategory, realServer, standIn, storeOn } from '../../support/eventstoredb.ts'
import { asking, claimOf, done, keyOf } from '../../support/scripted-ledger.ts'
import { sqliteStoreOn } from '../../support/sqlite-store.ts'

describe('what scans the log', () => {
  it.each<readonly [string, () => Promise<EventStore>]>([
    ['memory', async () => memoryStore()],
    ['a file', () => sqliteStoreOn()],
    ['EventStoreDB', async () => storeOn(realServer ?? (await standIn()).url)]
  ])('sweeps, hands events over and reports the same over every store: %s', async (_, open) => {
    const store = await open()
    const category = freshCategory()
    const [ledger, other] = [createLedger({ store, category }), createLedger({ store, category })]
    for (let n = 0; n < 20; n++) {
      const expiresAtMs = n < 15 ? 2000 : 9000
      const claim = claimOf(await ledger.reserve(asking({ key: `key ${n}`, expiresAtMs, nowMs: 1000 })))
      if (n % 2 === 0) await ledger.complete({ claim, outcome: { ...done, completedAtMs: 1100 }, nowMs: 1100 })
    }
    await ledger.reserve(asking({ key: 'key 19', requestFingerprint: 'other', nowMs: 1200 }))
    // both at once
    const options = { nowMs: 3000, batchSize: 4, pauseMs: 1 }
    const swept = await Promise.all([ledger.sweep(options), other.sweep(options)])
    expect(swept.map(({ ended, failedCount }) => [ended, failedCount])).toEqual([
      ['done', 0],
      ['done', 0]
    ])
    expect(swept.reduce((sum, { expired }) => sum + expired, 0)).toBe(15)
    for (let n = 0; n < 20; n++) {
      const types = (await ledger.history(keyOf(`key ${n}`))).map(({ type }) => type)
      expect(
        types.filter((type) => type === 'Expired'),
        `key ${n}`
      ).toHaveLength(n < 15 ? 1 : 0)
    }
    const seen: Array<string> = []
    await other.events({ operation: 'op', onEvents: (entries) => seen.push(...entries.map(({ type }) => type)) })
    expect(seen).toHaveLength(20 + 10 + 1 + 15)
    expect(await other.stats()).toMatchObject({
      operations: [
        { keys: { completed: 2, reserved: 2, conflicted: 1, free: 15 }, timeToComplete: { count: 10, most: 100 } }
      ]
    })
    expect((await other.conflicts()).conflicts).toMatchObject([{ requestFingerprint: 'other', count: 1 }])
  })
})
