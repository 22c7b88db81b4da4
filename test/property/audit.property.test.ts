import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/adapters/memory/event-store.ts'
import { createLedger } from '../../src/composition/ledger.ts'
import { asOf } from '../../src/domain/audit/as-of.ts'
import { diff } from '../../src/domain/audit/diff.ts'
import { isFold } from '../../src/domain/audit/is-fold.ts'
import type { Dated } from '../../src/domain/audit/moment.ts'
import { writtenVersion } from '../../src/domain/events/codecs.ts'
import type { IdentifiedEvent } from '../../src/domain/events/ledger-event.ts'
import { fold } from '../../src/domain/evolve.ts'
import type { Instant } from '../../src/domain/instant.ts'
import { snapshotVersion } from '../../src/domain/snapshot.ts'
import { initialState } from '../../src/domain/state.ts'
import * as ex from '../arbitraries/examples.ts'
import { arbitraryHistory } from '../arbitraries/history.ts'
import { chained } from '../support/hash-chain.ts'

const dated = (events: ReadonlyArray<IdentifiedEvent>): ReadonlyArray<Dated> =>
  events.map((event, index) => ({ event, revision: BigInt(index), recordedAtMs: 10 * (index + 1) }))

/** A store that holds a history under its key's own stream, in as many appends as it has events. */
const holding = async (events: ReadonlyArray<IdentifiedEvent>) => {
  const store = memoryStore()
  const stream = `idempotency-${ex.recordId}`
  const proposed = chained(
    stream,
    events.map((event, index) => ({
      type: event.type,
      data: event.data,
      metadata: {
        schemaVersion: writtenVersion(event),
        ...(index % 7 === 6 && {
          snapshot: snapshotOf(events.slice(0, index + 1))
        })
      },
      id: event.id
    }))
  )
  if (proposed.length > 0) await store.append({ stream, expected: { _tag: 'NoStream' }, events: proposed })()
  return store
}

const snapshotOf = (events: ReadonlyArray<IdentifiedEvent>) => {
  const state = fold(events)
  return { foldVersion: snapshotVersion(state), state }
}

describe('the state as of a revision', () => {
  it('is the fold of the events up to it, of every legal history, and by time the same', () => {
    fc.assert(
      fc.property(arbitraryHistory, fc.nat(), (history, pick) => {
        fc.pre(history.length > 0)
        const revision = pick % history.length
        const state = fold(history.slice(0, revision + 1))
        const found = asOf(dated(history), { revision: BigInt(revision) })
        if (E.isLeft(found)) expect.unreachable(found.left.message)
        if (state._tag === 'Held') expect(found.right).toMatchObject({ _tag: 'Held', record: state.record })
        else {
          const ended = state.ended === undefined ? {} : { ended: state.ended }
          expect(found.right).toEqual({
            _tag: 'Vacant',
            revision: BigInt(revision),
            recordedAtMs: 10 * (revision + 1),
            ...ended
          })
        }
        for (const timeMs of [10 * (revision + 1), 10 * (revision + 1) + 9]) {
          expect(asOf(dated(history), { timeMs: timeMs as Instant })).toEqual(found)
        }
      })
    )
  })
})

describe('what two moments differ in', () => {
  it('is nothing at one and the same, and has as many events as lie between', () => {
    fc.assert(
      fc.property(arbitraryHistory, fc.nat(), fc.nat(), (history, one, other) => {
        fc.pre(history.length > 0)
        const [a = 0, b = 0] = [one % history.length, other % history.length].toSorted((x, y) => x - y)
        const same = diff(dated(history), { revision: BigInt(a) }, { revision: BigInt(a) })
        expect(same).toMatchObject({ right: { fields: [], events: [] } })
        const found = diff(dated(history), { revision: BigInt(a) }, { revision: BigInt(b) })
        if (E.isLeft(found)) expect.unreachable(found.left.message)
        expect(found.right.events).toHaveLength(b - a)
        expect(new Set(found.right.fields.map(({ field }) => field)).size).toBe(found.right.fields.length)
      })
    )
  })
})

describe('a snapshot', () => {
  it('is the fold that it was made of, by way of its text, and no other', () => {
    fc.assert(
      fc.property(arbitraryHistory, fc.nat(), (history, pick) => {
        const state = fold(history)
        const text = JSON.stringify({ foldVersion: snapshotVersion(state), state })
        expect(isFold(JSON.parse(text), state)).toBe('yes')
        const other = fold(history.slice(0, pick % (history.length + 1)))
        const isSame = JSON.stringify(other) === JSON.stringify(state)
        expect(isFold(JSON.parse(text), other)).toBe(isSame ? 'yes' : 'no')
      })
    )
  })
  it('of another version cannot be judged, and what is none is not the fold', () => {
    expect(isFold({ foldVersion: 99, state: initialState }, initialState)).toBe('other')
    for (const none of [null, 7, 'text', {}, { foldVersion: '2' }, { foldVersion: 2 }, { foldVersion: 2, state: {} }]) {
      expect(isFold(none, initialState)).toBe('no')
    }
  })
})

describe('verify', () => {
  it('passes every legal history, with snapshots wherever they stand', async () => {
    let events = 0
    await fc.assert(
      fc.asyncProperty(arbitraryHistory, async (history) => {
        const ledger = createLedger({ store: await holding(history) })
        const verified = await ledger.verify()
        events += verified.events
        expect({ events: verified.events, findings: verified.findings }).toEqual({
          events: history.length,
          findings: []
        })
      }),
      { numRuns: 150 }
    )
    expect(events).toBeGreaterThan(500)
  })
  it('finds any one character that is changed in data or metadata', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryHistory, fc.nat(), fc.nat(), fc.boolean(), async (history, which, where, inData) => {
        fc.pre(history.length > 0)
        const store = await holding(history)
        const revision = which % history.length
        const readAll: typeof store.readAll =
          (...asked) =>
          async () => {
            const read = await store.readAll(...asked)()
            if (E.isLeft(read)) return read
            const events = read.right.events.map((event) => {
              if (Number(event.revision) !== revision) return event
              const text = inData ? event.data : event.metadata
              const at = where % text.length
              const changed = `${text.slice(0, at)}${text[at] === 'x' ? 'y' : 'x'}${text.slice(at + 1)}`
              return inData ? { ...event, data: changed } : { ...event, metadata: changed }
            })
            return E.right({ ...read.right, events })
          }
        const { findings } = await createLedger({ store: { ...store, readAll } }).verify()
        expect(findings).toMatchObject([{ kind: 'altered', revision: BigInt(revision) }])
      }),
      { numRuns: 150 }
    )
  })
})
