import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/adapters/memory/event-store.ts'
import { sha256 } from '../../../src/adapters/node/sha256.ts'
import { nextTurn } from '../../../src/adapters/node/timer.ts'
import type { EventStore, LogPage } from '../../../src/application/ports/event-store.ts'
import { lagOf } from '../../../src/application/projections/lag.ts'
import { partitionOf } from '../../../src/application/projections/partition.ts'
import { atStart } from '../../../src/application/projections/sink.ts'

const recordId = `idem_${'0'.repeat(64)}`
const event = {
  ...{ stream: `idempotency-${recordId}`, revision: 0n, position: '1', id: 'e', type: 'Reserved' },
  ...{ data: '{}', metadata: '{}', recordedAtMs: 1000 }
} as const

/** A log of so many pages, each with so many events of one key. */
const pagesOf = (pages: number, events: number) => {
  let read = 0
  const store: EventStore = {
    ...memoryStore(),
    readAll: () => async () => {
      read++
      const page: LogPage = {
        events: Array.from({ length: events }, () => event),
        next: `${read}`,
        atEnd: read >= pages
      }
      return E.right(page)
    }
  }
  return { reads: () => read, reader: { store, category: 'idempotency', nextTurn, sha256, clock: () => 4000 } }
}

const [mine, others] = [partitionOf(recordId, 2), 1 - partitionOf(recordId, 2)]

describe('the lag of a partition', () => {
  it.each([
    ['a log that ends', { pages: 3, events: 10, partition: mine }, { events: 30, isMore: false, seconds: 3 }, 3],
    ['10,000 events', { pages: 10, events: 1000, partition: mine }, { events: 10_000, isMore: false, seconds: 3 }, 10],
    [
      'more events than are counted',
      { pages: 99, events: 1000, partition: mine },
      { events: 10_000, isMore: true, seconds: 3 },
      10
    ],
    [
      'few of its own among many',
      { pages: 99, events: 1, partition: mine },
      { events: 99, isMore: false, seconds: 3 },
      99
    ],
    [
      'more pages than are looked at',
      { pages: 101, events: 1, partition: mine },
      { events: 100, isMore: true, seconds: 3 },
      100
    ],
    [
      'none of its own, without an end',
      { pages: 1e9, events: 1, partition: others },
      { events: 0, isMore: true, seconds: 0 },
      100
    ],
    [
      'nothing at all, without an end',
      { pages: 1e9, events: 0, partition: mine },
      { events: 0, isMore: true, seconds: 0 },
      100
    ]
  ])('behind which is %s', async (_, { pages, events, partition }, wanted, looked) => {
    const { reader, reads } = pagesOf(pages, events)
    expect(await lagOf(reader, 'a_view', atStart, partition, 2)).toEqual(E.right(wanted))
    expect(reads()).toBe(looked)
  })
})
