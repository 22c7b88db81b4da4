import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../../src/adapters/memory/event-store.ts'
import type { EventStore, LogPage, RecordedEvent } from '../../../../src/application/ports/event-store.ts'
import { createLedger, type LedgerOptions } from '../../../../src/composition/ledger.ts'
import { failure } from '../../../../src/domain/failure.ts'
import type { KeyDifference, WhatIfOptions } from '../../../../src/index.ts'
import { gate } from '../../../support/gate.ts'
import { asking, claimOf, done, failureOf, idOf, keyOf, streamOf } from '../../../support/scripted-ledger.ts'

const ledgerAt = (options: Partial<LedgerOptions> = {}) => {
  const store = memoryStore()
  return { store, ledger: createLedger({ store, ...options }) }
}

/** A holder with a lease of 1,000 ms that is slow; another takes over at 2,000 and completes; the first comes late. */
const takenOver = async () => {
  const { store, ledger } = ledgerAt()
  const slow = claimOf(await ledger.reserve(asking({ nowMs: 0, owner: 'slow' })))
  await ledger.reserve(asking({ nowMs: 500, owner: 'eager' }))
  const quick = claimOf(await ledger.reserve(asking({ nowMs: 2000, owner: 'quick' })))
  await ledger.complete({ claim: quick, outcome: done, nowMs: 2500 })
  await ledger.complete({ claim: slow, outcome: { ...done, outcomeKind: 'twice' }, nowMs: 3000 })
  await ledger.reserve(asking({ nowMs: 4000, owner: 'again' }))
  return { store, ledger }
}

const said = (differences: ReadonlyArray<KeyDifference>) =>
  differences.map(({ revision, asked, owners, was, wouldBe }) => [Number(revision), asked, owners.join(), was, wouldBe])

describe('what if', () => {
  it('every lease had been longer: nobody takes over, and the slow one’s completion counts', async () => {
    const { ledger } = await takenOver()
    const found = await ledger.whatIf({ lease: 10_000 })
    expect(found).toMatchObject({ keys: 1, requests: 6, merged: 0, differing: 3, unreadableCount: 0 })
    expect(said(found.differences)).toEqual([
      [3, 'reserve', 'quick', 'takenOver', 'inFlight'],
      [4, 'complete', '', 'completed', 'noClaim'],
      [5, 'complete', '', 'claimLost', 'completed']
    ])
    expect(found.differences[0]).toMatchObject({ recordId: idOf(), atMs: 2000, count: 1 })
  })
  it('every lease had been shorter: who came while it ran takes over', async () => {
    const { ledger } = await takenOver()
    expect(said((await ledger.whatIf({ lease: 100 })).differences)).toEqual([
      [1, 'reserve', 'eager', 'inFlight', 'takenOver']
    ])
  })
  it('nobody were let take over', async () => {
    const { ledger } = await takenOver()
    const { differences } = await ledger.whatIf({ policy: { takeover: 'refuse' } })
    expect(said(differences)[0]).toEqual([3, 'reserve', 'quick', 'takenOver', 'inFlight'])
  })
  it('a lease were given more time by the skew of clocks', async () => {
    const { ledger } = await takenOver()
    expect((await ledger.whatIf({ policy: { clockSkewMs: 1000 } })).differing).toBe(0)
    expect((await ledger.whatIf({ policy: { clockSkewMs: 1001 } })).differing).toBe(3)
  })
  it('answers were remembered for another time, and not used again', async () => {
    const { ledger } = ledgerAt()
    const claim = claimOf(await ledger.reserve(asking({ nowMs: 0, retentionMs: 1000 })))
    await ledger.complete({ claim, outcome: done, nowMs: 100 })
    await ledger.reserve(asking({ nowMs: 2000, owner: 'you' }))
    expect(said((await ledger.whatIf({ retentionMs: 5000 })).differences)).toEqual([
      [3, 'reserve', 'you', 'reserved', 'replay']
    ])
    expect(said((await ledger.whatIf({ policy: { reuseAfterExpiry: 'reject' } })).differences)).toEqual([
      [3, 'reserve', 'you', 'reserved', 'gone']
    ])
  })
  it('nothing were other: nothing differs, under the ledger’s own policy', async () => {
    const { ledger } = await takenOver()
    expect(await ledger.whatIf({})).toMatchObject({ requests: 6, differing: 0, differences: [] })
  })
  it('says how many requests it knows by their count and owners alone', async () => {
    const { ledger } = ledgerAt()
    claimOf(await ledger.reserve(asking({ nowMs: 0 })))
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((owner, n) => ledger.reserve(asking({ nowMs: 500 + n, owner }))))
    const found = await ledger.whatIf({ lease: 100 })
    expect(found).toMatchObject({ requests: 6, merged: 5 })
    expect(said(found.differences)).toEqual([[1, 'reserve', 'a', 'inFlight', 'takenOver']])
  })
})

describe('what-if over all keys', () => {
  it('tells of each, names what cannot be read, and goes on', async () => {
    const { store, ledger } = await takenOver()
    await ledger.reserve(asking({ key: 'other', nowMs: 0 }))
    await ledger.reserve(asking({ key: 'other', nowMs: 500 }))
    await store.append({
      stream: streamOf('bad'),
      expected: { _tag: 'NoStream' },
      events: [{ id: crypto.randomUUID(), type: 'Reserved', data: '{}', metadata: '{}' }]
    })()
    const told: Array<KeyDifference> = []
    const progress: Array<unknown> = []
    const found = await ledger.whatIf({
      lease: 100,
      onDifference: (one) => told.push(one),
      onProgress: (one) => progress.push(one)
    })
    expect(found).toMatchObject({ keys: 2, differing: 2, unreadableCount: 1 })
    expect(found.unreadable).toMatchObject([{ recordId: idOf('bad'), failure: { _tag: 'CorruptStream' } }])
    expect(told).toEqual(found.differences)
    expect(progress).toHaveLength(1)
    for (const of of [keyOf('other'), { recordId: idOf('other') }]) {
      expect(await ledger.whatIf({ lease: 100, of })).toMatchObject({ keys: 1, differing: 1 })
    }
    expect(await failureOf(ledger.whatIf({ of: keyOf('bad') }))).toMatchObject({ _tag: 'CorruptStream' })
  })
  it('of an empty ledger, and of a key never seen, is nothing', async () => {
    const { ledger } = ledgerAt()
    const nothing = {
      keys: 0,
      requests: 0,
      merged: 0,
      differing: 0,
      unreadableCount: 0,
      differences: [],
      unreadable: []
    }
    expect(await ledger.whatIf({ lease: 1 })).toEqual(nothing)
    expect(await ledger.whatIf({ lease: 1, of: keyOf('never') })).toEqual(nothing)
  })
  it('ends by its signal, and by a listener that throws', async () => {
    const { ledger } = await takenOver()
    expect(await failureOf(ledger.whatIf({ signal: AbortSignal.abort() }))).toMatchObject({ _tag: 'Aborted' })
    const onDifference = () => {
      throw new Error('enough')
    }
    expect(await failureOf(ledger.whatIf({ lease: 1, onDifference }))).toMatchObject({ _tag: 'Aborted' })
  })
  it.each([
    ['as it was', 1],
    ['without what is gone', 1],
    ['as it was', 1000],
    ['without what is gone', 1000]
  ])(
    'takes a stream whose beginning is gone once, as it is now: with the log %s, in pages of %i',
    async (log, most) => {
      const { store, ledger } = ledgerAt()
      await ledger.release({ claim: claimOf(await ledger.reserve(asking({ nowMs: 0 }))), nowMs: 100 })
      await ledger.reserve(asking({ nowMs: 200, owner: 'you' }))
      await ledger.reserve(asking({ nowMs: 900, owner: 'eager' }))
      await ledger.reserve(asking({ nowMs: 5000, owner: 'late' }))
      const isThere = ({ revision }: RecordedEvent) => revision >= 2n
      const cut = createLedger({
        store: {
          ...store,
          continuesAfterDelete: true,
          readStream: (stream, direction, from, count) => async () => {
            const all = await store.readStream(stream, direction, direction === 'forwards' ? 0n : from, 100)()
            const wanted = (event: RecordedEvent) =>
              isThere(event) && (typeof from === 'string' || event.revision >= from)
            return E.map((events: ReadonlyArray<RecordedEvent>) => events.filter(wanted).slice(0, count))(all)
          },
          readAll: (after, prefix) => async () => {
            const page = await store.readAll(after, prefix, most)()
            if (log === 'as it was') return page
            return E.map((read: LogPage): LogPage => ({ ...read, events: read.events.filter(isThere) }))(page)
          }
        }
      })
      const ofKey = await cut.whatIf({ lease: 100, of: keyOf() })
      expect(ofKey).toMatchObject({ keys: 1, requests: 3, unreadableCount: 0 })
      expect(ofKey.differing).toBeGreaterThan(0)
      expect(await cut.whatIf({ lease: 100 })).toEqual(ofKey)
    }
  )
  it('names a stream whose first event the store cannot read', async () => {
    const { store } = await takenOver()
    const error = failure('CorruptStream', 'its bytes are no event')
    const bad = createLedger({
      store: {
        ...store,
        readStream: () => async () => E.left(error),
        readAll: () => async () =>
          E.right({
            events: [],
            unreadable: [
              { position: '1', stream: streamOf(), revision: 0n, error },
              { position: '2', stream: streamOf(), revision: 1n, error }
            ],
            next: '2',
            atEnd: true
          })
      }
    })
    const found = await bad.whatIf({ lease: 1 })
    expect(found).toMatchObject({ keys: 0, unreadableCount: 1, unreadable: [{ recordId: idOf(), failure: error }] })
  })
  it('of one key ends by its signal too', async () => {
    const { ledger } = await takenOver()
    const signal = AbortSignal.abort()
    expect(await failureOf(ledger.whatIf({ lease: 1, of: keyOf(), signal }))).toMatchObject({ _tag: 'Aborted' })
  })
  it('ends by a store that does not answer: that is no fault of a stream', async () => {
    const { store } = await takenOver()
    const slow = createLedger({
      store: { ...store, readStream: () => async () => E.left(failure('StoreTimeout', 'too slow')) }
    })
    expect(await failureOf(slow.whatIf({ lease: 1 }))).toMatchObject({ _tag: 'StoreTimeout' })
  })
  it('tells nobody anything once it is over, whatever is being read still', async () => {
    const { store, ledger } = await takenOver()
    await ledger.reserve(asking({ key: 'late', nowMs: 0, owner: 'slow' }))
    await ledger.reserve(asking({ key: 'late', nowMs: 500, owner: 'eager' }))
    const door = gate()
    const readStream: EventStore['readStream'] =
      (stream, ...asked) =>
      async () => {
        if (stream === streamOf('late')) await door.pass()
        return store.readStream(stream, ...asked)()
      }
    const told: Array<string> = []
    const onDifference = ({ recordId }: KeyDifference) => {
      told.push(recordId)
      throw new Error('enough')
    }
    const run = createLedger({ store: { ...store, readStream } }).whatIf({ lease: 1, onDifference })
    expect(await failureOf(run)).toMatchObject({ _tag: 'Aborted' })
    door.open()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(told).toEqual([idOf()])
  })
  const bads: ReadonlyArray<readonly [object, string]> = [
    [{ lease: 0 }, '$.lease'],
    [{ lease: 'long' }, '$.lease'],
    [{ retentionMs: -1 }, '$.retentionMs'],
    [{ policy: 7 }, '$.policy'],
    [{ policy: null }, '$.policy'],
    [{ policy: { takeover: 'never' } }, '$.policy.takeover'],
    [{ policy: { reuseAfterExpiry: 1 } }, '$.policy.reuseAfterExpiry'],
    [{ policy: { clockSkewMs: -1 } }, '$.policy.clockSkewMs'],
    [{ of: { ...keyOf(), key: '' } }, '$.key'],
    [{ onDifference: 1 }, '$.onDifference'],
    [{ onProgress: 1 }, '$.onProgress'],
    [{ signal: {} }, '$.signal']
  ]
  it.each(bads)('refuses %o', async (options, path) => {
    const { ledger } = ledgerAt()
    expect(await failureOf(ledger.whatIf(options as WhatIfOptions))).toMatchObject({ _tag: 'InvalidInput', path })
  })
})
