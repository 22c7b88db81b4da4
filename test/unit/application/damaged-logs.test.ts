import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/adapters/memory/event-store.ts'
import type { EventStore, LogPage, RecordedEvent } from '../../../src/application/ports/event-store.ts'
import { exactly } from '../../../src/domain/expected-revision.ts'
import { failure } from '../../../src/domain/failure.ts'
import { createLedger, type UnreadableStream } from '../../../src/index.ts'
import { chained } from '../../support/hash-chain.ts'
import { asking, claimOf, done, failureOf, idOf, keyOf, streamOf } from '../../support/scripted-ledger.ts'

type Damage = (event: RecordedEvent) => RecordedEvent | undefined

/** The keys `a`, `k` and `z`, each completed, with damage to what the store holds of `k`. */
const damaged = async (damage: Damage) => {
  const real = memoryStore()
  const honest = createLedger({ store: real })
  for (const key of ['a', 'k', 'z']) {
    const claim = claimOf(await honest.reserve(asking({ key })))
    await honest.renew({ claim, leaseMs: 90_000 })
    await honest.complete({ claim, outcome: done })
  }
  const left = (events: ReadonlyArray<RecordedEvent>) =>
    events.flatMap((event) => (event.stream === streamOf() ? (damage(event) ?? []) : event))
  const all = await real.readAll('start', 'idempotency-idem_', 1000)()
  const log = left(E.isRight(all) ? all.right.events : [])
  const store: EventStore = {
    ...real,
    readStream: (stream, direction, from, count) => async () => {
      const there = log.filter((event) => event.stream === stream)
      const within = there.filter(
        ({ revision }) => typeof from === 'string' || (direction === 'backwards' ? revision <= from : revision >= from)
      )
      return E.right((direction === 'backwards' ? within.toReversed() : within).slice(0, count))
    },
    readAll: () => async () => E.right({ events: log, next: 'end', atEnd: true })
  }
  return createLedger({ store })
}

const damages: ReadonlyArray<readonly [string, Damage, bigint]> = [
  ['an event deleted in the middle', (event) => (event.revision === 1n ? undefined : event), 2n],
  ['its head deleted', (event) => (event.revision === 0n ? undefined : event), 1n],
  ['an event renumbered', (event) => (event.revision === 2n ? { ...event, revision: 3n } : event), 3n],
  [
    'a byte of an event flipped',
    (event) => (event.revision === 1n ? { ...event, data: event.data.replace('9', '8') } : event),
    1n
  ],
  ['an event’s metadata lost', (event) => (event.revision === 1n ? { ...event, metadata: '{}' } : event), 1n]
]

describe.each(damages)('a key with %s', (_, damage, revision) => {
  it('fails a list as it fails get, named by record id and revision', async () => {
    const ledger = await damaged(damage)
    expect(await failureOf(ledger.get(keyOf()))).toMatchObject({ _tag: 'CorruptStream' })
    const failed = await failureOf(ledger.list())
    expect(failed).toMatchObject({ _tag: 'CorruptStream', recordId: idOf() })
    expect(failed.message).toContain(`revision ${revision}`)
  })
  it('is told to whoever listens, and left out, and ends nothing', async () => {
    const ledger = await damaged(damage)
    const told: Array<UnreadableStream> = []
    const records = await ledger.list({ onUnreadable: (stream) => told.push(stream) })
    expect(records.map(({ key }) => key).sort()).toEqual(['a', 'z'])
    expect(told).toMatchObject([{ recordId: idOf(), stream: streamOf(), revision, failure: { _tag: 'CorruptStream' } }])
  })
})

/** A store that goes on after a delete, with pages of its log as somebody else made them. */
const withLog = (real: EventStore, made: (page: LogPage) => LogPage): EventStore => ({
  ...real,
  continuesAfterDelete: true,
  readAll:
    (...asked) =>
    async () =>
      E.map(made)(await real.readAll(...asked)())
})

describe('a stream that only begins like a key’s', () => {
  it('is left out, and told by its name', async () => {
    const store = memoryStore()
    const ledger = createLedger({ store })
    await ledger.reserve(asking())
    const stream = 'idempotency-idem_mine'
    await store.append({
      stream,
      expected: { _tag: 'NoStream' },
      events: [1, 2].map(() => ({ id: crypto.randomUUID(), type: 'Mine', data: '{}', metadata: '{}' }))
    })()
    const foreign: Array<string> = []
    expect(await ledger.list({ onForeign: (name) => foreign.push(name) })).toHaveLength(1)
    expect(foreign).toEqual([stream])
    expect(await ledger.list()).toHaveLength(1)
  })
})

describe('a listener', () => {
  it('that throws ends the scan, and one that is none is InvalidInput', async () => {
    const ledger = await damaged((event) => (event.revision === 1n ? undefined : event))
    const stop = () => {
      throw new Error('enough')
    }
    expect(await failureOf(ledger.list({ onUnreadable: stop }))).toMatchObject({ _tag: 'Aborted' })
    expect(await failureOf(ledger.list({ onForeign: 'x' as never }))).toMatchObject({
      _tag: 'InvalidInput',
      path: '$.onForeign'
    })
  })
})

describe('damage to what is over', () => {
  /** A key whose first reservation is over and spoilt, and whose second is completed. */
  const damagedPast = async () => {
    const real = memoryStore()
    const honest = createLedger({ store: real })
    const early = claimOf(await honest.reserve(asking()))
    await honest.release({ claim: early })
    await honest.complete({ claim: claimOf(await honest.reserve(asking())), outcome: done })
    const spoilt = (event: RecordedEvent): RecordedEvent =>
      event.revision === 0n ? { ...event, data: event.data.replace('"me"', '"he"') } : event
    const store: EventStore = {
      ...real,
      readStream:
        (...asked) =>
        async () =>
          E.map((events: ReadonlyArray<RecordedEvent>) => events.map(spoilt))(await real.readStream(...asked)())
    }
    return { ledger: createLedger({ store }), early }
  }
  it('costs nobody the replay of what came after it, however many ask', async () => {
    const { ledger } = await damagedPast()
    // a snapshot comes to be due on the way, and cannot be made
    for (let count = 1; count <= 70; count++) {
      expect(await ledger.reserve(asking())).toMatchObject({ _tag: 'Duplicate', record: { outcome: done } })
    }
    expect(await ledger.get(keyOf())).toMatchObject({ duplicateCount: 70 })
  })
  it('fails the command alone that needs it, and none of those that came with it', async () => {
    const { ledger, early } = await damagedPast()
    const [before, failed, after] = await Promise.all([
      ledger.reserve(asking()),
      failureOf(ledger.complete({ claim: early, outcome: done })),
      ledger.reserve(asking())
    ])
    expect(failed).toMatchObject({ _tag: 'CorruptStream' })
    for (const answer of [before, after]) expect(answer).toMatchObject({ _tag: 'Duplicate', record: { outcome: done } })
    const alone = await Promise.all([
      failureOf(ledger.complete({ claim: early, outcome: done })),
      ledger.reserve(asking())
    ])
    expect(alone).toMatchObject([{ _tag: 'CorruptStream' }, { _tag: 'Duplicate' }])
  })
})

describe('a store whose streams go on after a deletion', () => {
  it('gives no forged reservation away as one that begins a stream anew, in a scan as little as in a reading', async () => {
    const store: EventStore = { ...memoryStore(), continuesAfterDelete: true }
    const ledger = createLedger({ store })
    await ledger.release({ claim: claimOf(await ledger.reserve(asking())) })
    await ledger.reserve(asking())
    const history = await store.readStream(streamOf(), 'forwards', 'start', 10)()
    const last = E.isRight(history) ? (history.right.at(-1) ?? expect.unreachable()) : expect.unreachable()
    const data = { ...JSON.parse(last.data), epoch: 3, owner: 'mallory' }
    // its chain begins elsewhere
    const forged = chained('another stream', [{ type: 'Reserved', data, metadata: { schemaVersion: 2 } }])
    await store.append({ stream: streamOf(), expected: exactly(last.revision), events: forged })()
    expect(await failureOf(ledger.get(keyOf()))).toMatchObject({ _tag: 'CorruptStream' })
    const unreadable: Array<UnreadableStream> = []
    expect(await ledger.list({ onUnreadable: (one) => unreadable.push(one) })).toEqual([])
    expect(unreadable).toMatchObject([{ recordId: idOf() }])
  })
  it('gives no list while it cannot say what a stream is by itself', async () => {
    const real = memoryStore()
    await createLedger({ store: real }).reserve(asking())
    const error = failure('StoreTimeout', 'too slow')
    const store: EventStore = {
      // what is left in the log of a stream that was deleted, and begins anew
      ...withLog(real, (page) => ({ ...page, events: page.events.map((event) => ({ ...event, data: '{}' })) })),
      readStream: () => async () => E.left(error)
    }
    const onUnreadable = () => expect.unreachable('nothing is known of it')
    expect(await failureOf(createLedger({ store }).list({ onUnreadable }))).toMatchObject({ _tag: 'StoreTimeout' })
  })
  it('has told of an event that it cannot even name', async () => {
    const real = memoryStore()
    const error = failure('CorruptStream', 'cannot be read')
    const store = withLog(real, (page) => ({ ...page, unreadable: [{ position: '77', error }] }))
    const ledger = createLedger({ store })
    await ledger.reserve(asking())
    const unreadable: Array<UnreadableStream> = []
    expect(await ledger.list({ onUnreadable: (one) => unreadable.push(one) })).toHaveLength(1)
    expect(unreadable).toMatchObject([{ stream: 'position 77' }])
    expect(await failureOf(ledger.list())).toMatchObject({ _tag: 'CorruptStream' })
  })
})
