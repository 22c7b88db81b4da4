import { getEventListeners } from 'node:events'
import { SpanStatusCode } from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../../src/adapters/memory/event-store.ts'
import type { Append, EventStore, SubscriptionMessage } from '../../../../src/application/ports/event-store.ts'
import { failure } from '../../../../src/domain/failure.ts'
import { createLedger, exactly, noStream } from '../../../../src/index.ts'
import { instrumentStore } from '../../../../src/opentelemetry.ts'
import { standIn, storeOn } from '../../../support/eventstoredb.ts'
import { oldReads } from '../../../support/old-reads.ts'
import { asking, claimOf, done, idOf, keyOf, streamOf } from '../../../support/scripted-ledger.ts'
import { lostAfter, lostBefore, notWritten, scriptedStore } from '../../../support/scripted-store.ts'
import { sqliteStoreOn } from '../../../support/sqlite-store.ts'
import { type Seen, seenTelemetry } from '../../../support/telemetry.ts'

const appendOf = (id: string, expected: Append['expected'] = noStream): Append => ({
  stream: streamOf(),
  expected,
  events: [{ id, type: 'T', data: '{}', metadata: '{}' }]
})

const ids = {
  first: '00000000-0000-4000-8000-000000000001',
  second: '00000000-0000-4000-8000-000000000002'
}

const scripted = () => {
  const seen = seenTelemetry()
  const store = scriptedStore()
  return { seen, store, view: instrumentStore(store, { kind: 'memory', ...seen.providers }) }
}

const sumOf = async (seen: Seen, name: string): Promise<number> =>
  (await seen.pointsOf(name)).reduce((sum, { value }) => sum + value, 0)

describe('appends', () => {
  it('are told by how they ended; a conflict is an answer, and what failed an error', async () => {
    const { seen, store, view } = scripted()
    await view.append(appendOf(ids.first))()
    await view.append(appendOf(ids.second))()
    store.onAppend(notWritten(failure('StoreFull', 'no room')), lostBefore)
    await view.append(appendOf(ids.second, exactly(0n)))()
    await view.append(appendOf(ids.second, exactly(0n)))()
    const told = seen
      .spans()
      .map(({ attributes, status }) => [
        attributes['keyfold.append.result'],
        attributes['error.type'],
        status.code === SpanStatusCode.ERROR
      ])
    expect(told).toEqual([
      ['written', undefined, false],
      ['conflict', undefined, false],
      ['not_written', 'StoreFull', true],
      ['unknown', 'StoreUnavailable', true]
    ])
    expect(await sumOf(seen, 'keyfold.store.append.conflicts')).toBe(1)
    expect(seen.spans()[0]?.attributes).toMatchObject({ 'keyfold.store.kind': 'memory', 'keyfold.record_id': idOf() })
  })

  it('that are in doubt are told once, and once more where the same ids are found to be written', async () => {
    const { seen, store, view } = scripted()
    store.onAppend(lostAfter, lostBefore)
    for (let n = 0; n < 4; n++) await view.append(appendOf(ids.first))()
    expect(await sumOf(seen, 'keyfold.store.append.doubts')).toBe(1)
    expect(await sumOf(seen, 'keyfold.store.append.doubts_resolved')).toBe(1)
  })

  it('that are in doubt and meet a conflict then are not resolved by it', async () => {
    const { seen, store, view } = scripted()
    store.onAppend(lostBefore)
    await view.append(appendOf(ids.first))()
    await store.real.append(appendOf(ids.second))()
    await view.append(appendOf(ids.first))()
    expect(await sumOf(seen, 'keyfold.store.append.doubts')).toBe(1)
    expect(await sumOf(seen, 'keyfold.store.append.doubts_resolved')).toBe(0)
  })

  it('of a ledger that are in doubt are resolved by it', async () => {
    const { seen, store, view } = scripted()
    store.onAppend(lostAfter)
    const ledger = createLedger({ store: view })
    expect((await ledger.reserve(asking()))._tag).toBe('Reserved')
    expect(await sumOf(seen, 'keyfold.store.append.doubts_resolved')).toBe(1)
  })
})

describe('streams of others', () => {
  it('are not named', async () => {
    const { seen, view } = scripted()
    await view.readStream('customer-jane@example.org', 'forwards', 'start', 1)()
    expect(seen.spans()[0]?.attributes).toEqual({ 'keyfold.store.kind': 'memory', 'keyfold.store.call': 'readStream' })
  })
})

describe('subscriptions', () => {
  type Step = IteratorResult<SubscriptionMessage | 'failure'>
  /** A store whose subscription says these, and tells when it was let go. */
  const telling = (...steps: ReadonlyArray<Step | Error>) => {
    const seen = seenTelemetry()
    const left: Array<Step | Error> = [...steps]
    const returned: Array<true> = []
    const store: EventStore = {
      ...memoryStore(),
      subscribe: () => ({
        [Symbol.asyncIterator]: () => ({
          next: async () => {
            const step = left.shift() ?? { done: true, value: undefined }
            if (step instanceof Error) throw step
            if (step.done) return { done: true, value: undefined }
            return {
              value:
                step.value === 'failure'
                  ? { _tag: 'Left', left: failure('StoreUnavailable', 'lost') }
                  : { _tag: 'Right', right: step.value }
            }
          },
          return: async () => {
            returned.push(true)
            return { done: true, value: undefined }
          }
        })
      })
    }
    const messages = instrumentStore(store, seen.providers).subscribe({ after: 'start', streamPrefix: '' })
    return { seen, returned, messages, all: messages[Symbol.asyncIterator]() }
  }
  const caughtUp: Step = { value: { _tag: 'CaughtUp' } }
  const open = (seen: Seen) => sumOf(seen, 'keyfold.store.subscriptions')

  it('are open from their first message on until whoever reads leaves, who is the store’s too', async () => {
    const { seen, messages, returned } = telling(caughtUp, caughtUp)
    const opened: Array<number> = []
    for await (const _ of messages) {
      opened.push(await open(seen))
      break
    }
    expect([opened, await open(seen), returned]).toEqual([[1], 0, [true]])
  })

  it.each<readonly [string, ReadonlyArray<Step | Error>, number]>([
    ['they end', [caughtUp], 2],
    ['they fail', ['failure' as const].map((value): Step => ({ value })), 1],
    ['they throw', [new Error('a bug')], 1]
  ])('are over once, where %s', async (_, steps, asks) => {
    const { seen, all } = telling(...steps)
    for (let n = 0; n < asks; n++) await all.next().catch((cause: unknown) => cause)
    expect(await open(seen)).toBe(0)
    await all.next()
    await all.return?.()
    expect(await open(seen)).toBe(0)
    expect(await seen.pointsOf('keyfold.store.subscriptions')).toHaveLength(1)
  })

  it('are over with their signal, though nobody asks for what comes next', async () => {
    const seen = seenTelemetry()
    const end = new AbortController()
    const view = instrumentStore(memoryStore(), seen.providers)
    const all = view.subscribe({ after: 'start', streamPrefix: '', signal: end.signal })[Symbol.asyncIterator]()
    await all.next()
    expect(await open(seen)).toBe(1)
    end.abort()
    expect(await open(seen)).toBe(0)
    expect(getEventListeners(end.signal, 'abort')).toEqual([])
    await all.next()
    expect(await open(seen)).toBe(0)
  })

  it('tell how many events came, of a real store', async () => {
    const seen = seenTelemetry()
    const view = instrumentStore(memoryStore(), seen.providers)
    for (const id of Object.values(ids)) await view.append({ ...appendOf(id), stream: `a-${id}` })()
    for await (const message of view.subscribe({ after: 'start', streamPrefix: 'a-' })) {
      if (message._tag === 'Left' || message.right._tag === 'CaughtUp') break
    }
    expect(await sumOf(seen, 'keyfold.store.subscription.events')).toBe(2)
    expect(await open(seen)).toBe(0)
  })
})

const stores: ReadonlyArray<readonly [string, () => Promise<EventStore>]> = [
  ['memory', async () => memoryStore()],
  ['SQLite', () => sqliteStoreOn()],
  ['EventStoreDB', async () => storeOn((await standIn()).url)]
]

describe.each(stores)('the view of a store: %s', (_, openStore) => {
  it('has the members that the store has, hidden where they are hidden there', async () => {
    const store = await openStore()
    const view = instrumentStore(store)
    const shapeOf = (of: EventStore) =>
      Reflect.ownKeys(of)
        .map((name) => `${String(name)} ${Object.getOwnPropertyDescriptor(of, name)?.enumerable}`)
        .toSorted()
    expect(shapeOf(view)).toEqual(shapeOf(store))
    const { isRemoved, confirmCurrent, maxAppendBytes, continuesAfterDelete } = view
    expect([typeof isRemoved, typeof confirmCurrent, maxAppendBytes, continuesAfterDelete]).toEqual([
      typeof store.isRemoved,
      typeof store.confirmCurrent,
      store.maxAppendBytes,
      store.continuesAfterDelete
    ])
  })

  it('shows each process its own writes, whoever of its ledgers made them, and on whichever of the two', async () => {
    const real = oldReads(await openStore())
    const view = instrumentStore(real)
    const deadlineMs = 2000
    const [writer, reader] = [createLedger({ store: real, deadlineMs }), createLedger({ store: view, deadlineMs })]
    const claim = claimOf(await writer.reserve(asking()))
    await writer.complete({ claim, outcome: done })
    // behind for two reads: a ledger that does not know better takes the first one
    let old = 2
    real.show(1, () => old-- > 0)
    expect(await reader.get(keyOf())).toMatchObject({ outcome: done })
    expect(real.served()).toBe(2)
    old = 2
    await reader.reserve(asking())
    old = 2
    expect(await writer.get(keyOf())).toMatchObject({ duplicateCount: 1 })
  })

  it('is right at once where the store’s reads are always current', async () => {
    const store = await openStore()
    const own = await store.confirmCurrent?.()()
    expect(await instrumentStore(store).confirmCurrent?.()()).toEqual(own)
  })
})

describe('a store that is made by a class', () => {
  it('is asked as itself, and has its hidden members', async () => {
    class Store {
      readonly #real = memoryStore()
      append: EventStore['append'] = (...asked) => this.#real.append(...asked)
      readStream(...asked: Parameters<EventStore['readStream']>) {
        return this.#real.readStream(...asked)
      }
      readAll(...asked: Parameters<EventStore['readAll']>) {
        return this.#real.readAll(...asked)
      }
      subscribe(...asked: Parameters<EventStore['subscribe']>) {
        return this.#real.subscribe(...asked)
      }
      confirmCurrent() {
        return this.#real.confirmCurrent?.() ?? expect.unreachable('it has one')
      }
      dispose() {
        return this.#real.dispose()
      }
    }
    const view = instrumentStore(new Store())
    await createLedger({ store: view }).reserve(asking())
    expect(await view.confirmCurrent?.()()).toEqual({ _tag: 'Right', right: 'always' })
    expect({ ...view }).not.toHaveProperty('confirmCurrent')
    await view.dispose()
    expect(await view.readAll('start', '', 1)()).toMatchObject({ _tag: 'Left' })
  })
})
