import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/adapters/memory/event-store.ts'
import type { EventStore } from '../../../src/application/ports/event-store.ts'
import { createLedger } from '../../../src/index.ts'
import { freshCategory, realServer, standIn, storeOn } from '../../support/eventstoredb.ts'
import { asking, claimOf, granted, keyOf } from '../../support/scripted-ledger.ts'
import { sqliteStoreOn } from '../../support/sqlite-store.ts'

const data = { text: 'é "\\" \u2028 \u{1F600}', numbers: [0, 0.5, 1e21, -7], none: null, deep: [{ a: [[]] }], '': {} }

describe('points and doubt', () => {
  it.each<readonly [string, () => Promise<EventStore>]>([
    ['memory', async () => memoryStore()],
    ['a file', () => sqliteStoreOn()],
    ['EventStoreDB', async () => storeOn(realServer ?? (await standIn()).url)]
  ])('come back as they were, from a takeover and a snapshot too: %s', async (_, open) => {
    const store = await open()
    const category = freshCategory()
    // nothing of what one of them has at hand helps the other
    const [writer, reader] = [createLedger({ store, category }), createLedger({ store, category })]
    const claim = claimOf(await writer.reserve(asking({ nowMs: 1000 })))
    await writer.reachRecoveryPoint({ claim, name: 'charged', data, nowMs: 1001 })
    await writer.reachRecoveryPoint({ claim, name: 'told', nowMs: 1002 })
    const recoveryPoints = [{ name: 'charged', data }, { name: 'told' }]
    const second = granted(await reader.reserve(asking({ nowMs: 9000 })))
    expect(second.record.recoveryPoints).toEqual(recoveryPoints)
    await reader.markInDoubt({ claim: second.claim, note: 'timed out: \u2028', nowMs: 9001 })
    for (let seen = 0; seen < 66; seen++) await writer.reserve(asking({ nowMs: 9002 + seen }))
    const fresh = createLedger({ store, category })
    const inDoubt = { sinceMs: 9001, note: 'timed out: \u2028' }
    expect(await fresh.get(keyOf())).toMatchObject({ recoveryPoints, inDoubt, duplicateCount: 66 })
    expect(await fresh.stuck({ nowMs: 9500 })).toMatchObject([{ why: 'inDoubt', record: { recoveryPoints, inDoubt } }])
    const told = await fresh.history(keyOf())
    expect(told.filter(({ type }) => type !== 'DuplicateSeen').map(({ type }) => type)).toEqual([
      'Reserved',
      'RecoveryPointReached',
      'RecoveryPointReached',
      'Expired',
      'Reserved',
      'MarkedInDoubt'
    ])
  })
})
