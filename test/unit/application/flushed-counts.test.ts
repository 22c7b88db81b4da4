import { describe, expect, it, onTestFinished } from 'vitest'
import { memoryStore } from '../../../src/adapters/memory/event-store.ts'
import { createLedger, type EventStore, type Timer } from '../../../src/index.ts'
import { type Gate, gate } from '../../support/gate.ts'
import { asking, claimOf, keyOf } from '../../support/scripted-ledger.ts'

const intervalMs = 777_777

/** Time as it is, but for the interval of the counts, which ends where a test says so. */
const timerWithInterval = () => {
  const intervals: Array<() => void> = []
  const timer: Timer = {
    monotonicMs: () => performance.now(),
    sleep: (ms, signal) => () =>
      new Promise((resolve) => {
        signal?.addEventListener('abort', () => resolve(), { once: true })
        if (ms === intervalMs) intervals.push(resolve)
        else setTimeout(resolve, ms)
      })
  }
  return { timer, ends: () => intervals.shift()?.() }
}

/** A ledger whose counts wait, on a store of which the next read, or append, can be held up. */
const coalescing = () => {
  const store = memoryStore()
  let held: Gate | undefined
  const wait = async (): Promise<void> => {
    const here = held
    held = undefined
    await here?.pass()
  }
  let holds: 'append' | 'readStream' = 'append'
  const slow: EventStore = {
    ...store,
    append:
      (...asked) =>
      async () => {
        if (holds === 'append') await wait()
        return store.append(...asked)()
      },
    readStream:
      (...asked) =>
      async () => {
        const read = await store.readStream(...asked)()
        if (holds === 'readStream') await wait()
        return read
      }
  }
  const { timer, ends } = timerWithInterval()
  const ledger = createLedger({ store: slow, recording: 'coalesce', coalesceMs: intervalMs, timer })
  const other = createLedger({ store })
  onTestFinished(() => ledger.dispose())
  /** Holds the next call of a kind up. */
  const hold = (kind: typeof holds): Gate => {
    holds = kind
    held = gate()
    return held
  }
  return { ledger, other, hold, ends }
}

describe('counts that a flush takes', () => {
  it('are written before the ledger is disposed of, where the flush is under way', async () => {
    const { ledger, other, hold, ends } = coalescing()
    await ledger.reserve(asking({ lease: 60_000 }))
    await ledger.reserve(asking())
    const write = hold('append')
    ends()
    await write.reached
    let isOver = false
    const disposed = ledger.dispose().then(() => {
      isOver = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(isOver).toBe(false)
    write.open()
    await disposed
    expect(await other.get(keyOf())).toMatchObject({ duplicateCount: 1 })
  })
  it('are not taken with those that come in the same turn', async () => {
    const { ledger, other, hold, ends } = coalescing()
    const claim = claimOf(await ledger.reserve(asking({ lease: 60_000 })))
    await ledger.reserve(asking())
    await other.reserve(asking())
    const read = hold('readStream')
    const renewed = ledger.renew({ claim, leaseMs: 120_000 })
    await read.reached
    // the flush, and behind it a duplicate, wait for the command that takes along what the flush came for
    ends()
    await new Promise((resolve) => setImmediate(resolve))
    const duplicate = ledger.reserve(asking())
    read.open()
    await Promise.all([renewed, duplicate])
    await ledger.dispose()
    expect(await other.get(keyOf())).toMatchObject({ duplicateCount: 3 })
  })
})
