import { describe, expect, it } from 'vitest'
import { foldCache } from '../../../src/application/stream/fold-cache.ts'
import type { EventOfType } from '../../../src/domain/events/ledger-event.ts'
import { apply } from '../../../src/domain/evolve.ts'
import { initialState } from '../../../src/domain/state.ts'
import { createLedger } from '../../../src/index.ts'
import { openMemoryStore } from '../../../src/memory.ts'
import { collectGarbage } from '../../support/collect-garbage.ts'
import { gate } from '../../support/gate.ts'
import { asking, claimOf, failureOf, scriptedLedger, streamOf } from '../../support/scripted-ledger.ts'
import { preceded } from '../../support/scripted-store.ts'

const mebibyte = 1024 * 1024

/** What is held more than before, bytes. */
const heldBy = async (work: () => Promise<unknown>): Promise<number> => {
  await collectGarbage()
  const before = process.memoryUsage().heapUsed
  const kept = await work()
  await collectGarbage()
  const after = process.memoryUsage().heapUsed
  expect(kept).toBeDefined()
  return after - before
}

describe('commands that wait without end', () => {
  const blocked = async () => {
    const world = scriptedLedger({ deadlineMs: 3_600_000 })
    const claim = claimOf(await world.ledger.reserve(asking()))
    const shut = gate()
    world.store.onAppend(preceded(shut.pass))
    const first = world.ledger.reserve(asking())
    await shut.reached
    return { ...world, claim, shut, first }
  }
  it('are refused beyond ten thousand on a key, with nothing written, and the others are answered', async () => {
    const { ledger, shut, first } = await blocked()
    const waiting = Array.from({ length: 10_000 }, () => ledger.reserve(asking()))
    expect(await failureOf(ledger.reserve(asking()))).toMatchObject({ _tag: 'Overloaded' })
    expect(await ledger.reserve(asking({ key: 'another' }))).toMatchObject({ _tag: 'Reserved' })
    shut.open()
    await first
    expect(new Set((await Promise.all(waiting)).map(({ _tag }) => _tag))).toEqual(new Set(['Duplicate']))
    expect(await ledger.reserve(asking())).toMatchObject({ _tag: 'Duplicate', record: { duplicateCount: 10_002 } })
  })
  it('are refused by what they weigh', async () => {
    const { ledger, claim, shut, first } = await blocked()
    const details = 'x'.repeat(400_000)
    const waiting = Array.from({ length: 200 }, (_, index) =>
      ledger
        .completeByKey({
          tenant: asking().tenant,
          operation: 'op',
          key: 'k',
          outcome: { outcomeKind: `${index}`, details }
        })
        .then(
          () => 'done',
          ({ tag }) => tag
        )
    )
    shut.open()
    await first
    const told = await Promise.all(waiting)
    expect(told).toContain('Overloaded')
    expect(told).toContain('done')
    expect(await ledger.renew({ claim, leaseMs: 1 })).toMatchObject({ _tag: 'AlreadyCompleted' })
  })
  it('give up in no time, and again and again, and leave nothing behind', async () => {
    const { ledger, shut, first } = await blocked()
    for (let round = 0; round < 4; round++) {
      const aborting = new AbortController()
      const waiting = Array.from({ length: 9000 }, () => failureOf(ledger.reserve(asking({ signal: aborting.signal }))))
      aborting.abort()
      expect(new Set((await Promise.all(waiting)).map(({ _tag }) => _tag))).toEqual(new Set(['Aborted']))
    }
    shut.open()
    expect(await first).toMatchObject({ _tag: 'Duplicate', record: { duplicateCount: 1 } })
    expect(await ledger.reserve(asking())).toMatchObject({ record: { duplicateCount: 2 } })
  })
})

describe('the folds at hand', () => {
  const text = (length: number, index: number): string => `${index}`.padEnd(length, 'ü')
  const reserved = (index: number, length: number): EventOfType<'Reserved'> => ({
    type: 'Reserved',
    data: {
      ...({ atMs: 1, recordId: streamOf(`${index}`).slice(12) } as unknown as EventOfType<'Reserved'>['data']),
      tenant: {
        orgId: text(length, index),
        workspaceId: text(length, index),
        actorId: text(length, index),
        source: 'explicit'
      },
      operation: text(length, index),
      key: text(length, index),
      owner: text(length, index),
      requestFingerprint: text(length, index),
      epoch: 1
    }
  })
  it.each<[string, number, (index: number) => ReturnType<typeof apply>]>([
    ['long texts', 3000, (index) => apply(initialState, reserved(index, 2000))],
    [
      'details that are large in memory and small as text',
      100,
      (index) =>
        apply(apply(initialState, reserved(index, 5)), {
          type: 'Completed',
          data: {
            atMs: 1,
            epoch: 1,
            outcome: { outcomeKind: 'k', completedAtMs: 1, details: Array.from({ length: 20_000 }, () => ({})) }
          } as unknown as EventOfType<'Completed'>['data']
        })
    ],
    [
      'recovery points that are large in memory and small as text',
      100,
      (index) =>
        apply(apply(initialState, reserved(index, 5)), {
          type: 'RecoveryPointReached',
          data: { atMs: 1, epoch: 1, name: 'n', data: Array.from({ length: 20_000 }, () => ({})) }
        } as unknown as EventOfType<'RecoveryPointReached'>)
    ]
  ])('weigh no more than they may: %s', async (_, count, state) => {
    const cache = foldCache()
    const held = await heldBy(async () => {
      for (let index = 0; index < count; index++) {
        cache.set(streamOf(`${index}`), { state: state(index), actual: 0n, lastHash: 'h', foldStart: 0n })
      }
      return cache
    })
    expect(held).toBeLessThan(64 * mebibyte)
  })
  it('keep no line of many megabytes for the sake of a key', async () => {
    const ledger = createLedger({ store: await openMemoryStore(), recording: 'coalesce', coalesceMs: 3_600_000 })
    const held = await heldBy(async () => {
      for (let index = 0; index < 15; index++) {
        const line = `${'k'.repeat(64)}${index}${'f'.repeat(64)}`.padEnd(4 * mebibyte, '.')
        const [key, requestFingerprint, owner] = [line.slice(0, 70), line.slice(30, 120), line.slice(20, 90)]
        await ledger.reserve(
          asking({ key, requestFingerprint, owner, tenant: { orgId: line.slice(1, 60), workspaceId: 'ws' } })
        )
        await ledger.reserve(
          asking({
            key,
            requestFingerprint: line.slice(31, 119),
            owner,
            tenant: { orgId: line.slice(1, 60), workspaceId: 'ws' }
          })
        )
        await ledger.reserve(
          asking({
            key,
            requestFingerprint,
            owner: line.slice(10, 90),
            tenant: { orgId: line.slice(1, 60), workspaceId: 'ws' }
          })
        )
      }
      return ledger
    })
    expect(held).toBeLessThan(20 * mebibyte)
    await ledger.dispose()
  })
})

describe('counts that wait', () => {
  it('do not keep a command from being written that fits alone', async () => {
    const { ledger, store } = scriptedLedger({ recording: 'coalesce', maxAppendBytes: 100_000 })
    const claim = claimOf(await ledger.reserve(asking()))
    const known = Array.from({ length: 10 }, (_, index) => asking({ requestFingerprint: `${index}`.padEnd(4000, '.') }))
    for (const request of known) await ledger.reserve(request)
    for (const request of known) await ledger.reserve(request)
    store.forget()
    const outcome = { outcomeKind: 'done', details: 'x'.repeat(80_000) }
    expect(await ledger.complete({ claim, outcome })).toMatchObject({
      _tag: 'Completed',
      record: { conflictCount: 20 }
    })
    for (const { events } of store.appends) {
      expect(events.reduce((sum, { data, metadata }) => sum + data.length + metadata.length, 0)).toBeLessThan(100_000)
    }
    expect(store.appends).toHaveLength(2)
  })
  it('are written a few keys at a time, however many wait', async () => {
    const { ledger, store } = scriptedLedger({ recording: 'coalesce', coalesceMs: 3_600_000 })
    const keys = Array.from({ length: 200 }, (_, index) => `key ${index}`)
    for (const key of keys) {
      await ledger.reserve(asking({ key }))
      await ledger.reserve(asking({ key }))
    }
    let writing = 0
    let most = 0
    store.onEveryAppend(async (real) => {
      most = Math.max(most, ++writing)
      await new Promise((resolve) => setImmediate(resolve))
      writing--
      return real()
    })
    await ledger.dispose()
    expect(most).toBeGreaterThan(1)
    expect(most).toBeLessThanOrEqual(16)
    expect((await ledger.list()).every(({ duplicateCount }) => duplicateCount === 1)).toBe(true)
  })
})
