import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/adapters/memory/event-store.ts'
import type { EventStore, LogPage, RecordedEvent } from '../../../src/application/ports/event-store.ts'
import { createLedger } from '../../../src/index.ts'
import {
  asking,
  claimOf,
  done,
  failureOf,
  idOf,
  keyOf,
  scriptedLedger,
  streamOf
} from '../../support/scripted-ledger.ts'
import { seededChance } from '../../support/seeded-chance.ts'
import { virtualTime } from '../../support/virtual-time.ts'

type Events = ReadonlyArray<RecordedEvent>

/** A store with two keys, `k` of us and `theirs` of others, whose reads are bent. */
const bent = async (bend: (events: Events, others: Events) => unknown) => {
  const real = memoryStore()
  const honest = createLedger({ store: real })
  const claim = claimOf(await honest.reserve(asking({ lease: 60_000 })))
  await honest.complete({ claim, outcome: done })
  await honest.reserve(asking())
  await honest.reserve(asking({ key: 'theirs', owner: 'somebody else' }))
  const others = await real.readStream(streamOf('theirs'), 'forwards', 'start', 10)()
  const store: EventStore = {
    ...real,
    readStream:
      (...asked) =>
      async () => {
        const read = await real.readStream(...asked)()
        return E.isLeft(read) ? read : (E.right(bend(read.right, E.isRight(others) ? others.right : [])) as typeof read)
      }
  }
  return createLedger({ store, timer: virtualTime(), chance: seededChance(1), deadlineMs: 500 })
}

const lies: ReadonlyArray<readonly [string, (events: Events, others: Events) => unknown]> = [
  ['another stream', (_, others) => others],
  ['another stream’s event among its own', (events, others) => [...events.slice(0, 1), ...others]],
  ['a stream that is named otherwise', (events) => events.map((event) => ({ ...event, stream: streamOf('theirs') }))],
  ['the order turned round', (events) => events.toReversed()],
  ['an event left out in the middle', (events) => events.filter((_, index) => index !== 1)],
  ['an event twice', (events) => events.flatMap((event) => [event, event])],
  ['more events than asked for', (events) => [...events, ...events, ...events, ...events, ...events]],
  ['revisions that are numbers', (events) => events.map((event) => ({ ...event, revision: Number(event.revision) }))],
  ['revisions below zero', (events) => events.map((event, index) => ({ ...event, revision: BigInt(-1 - index) }))],
  ['data that is an object', (events) => events.map((event) => ({ ...event, data: JSON.parse(event.data) }))],
  ['an event without an id', (events) => events.map(({ id: _, ...event }) => event)],
  ['events that are null', (events) => events.map(() => null)],
  ['no list', () => ({ length: 1 })],
  ['nothing', () => undefined]
]

describe.each(lies)('a store that gives back %s', (_, bend) => {
  it('gives nobody another’s record, and says whose stream it is', async () => {
    const ledger = await bent(bend)
    for (const ask of [
      () => ledger.get(keyOf()),
      () => ledger.history(keyOf()),
      () => ledger.completeByKey({ ...keyOf(), outcome: done })
    ]) {
      const failed = await failureOf(ask())
      expect(['CorruptStream', 'StoreUnavailable']).toContain(failed._tag)
      expect(failed.message).toContain(idOf())
      expect(JSON.stringify(failed)).not.toContain('somebody else')
      expect(failed.message.length).toBeLessThan(300)
    }
  })
})

describe('a store that answers an append', () => {
  it.each<[string, unknown]>([
    ['with another revision', E.right({ revision: 7n })],
    ['with no revision', E.right({})],
    ['with a number', E.right({ revision: 0 })],
    ['with nothing', undefined],
    ['with an unknown failure', E.left({ _tag: 'Oops' })],
    ['with a bare value', 42]
  ])('%s leaves it in doubt, and never says for certain that nothing was written', async (_, answer) => {
    const { store, ledger } = scriptedLedger({ deadlineMs: 200 })
    store.onEveryAppend(async (real) => {
      await real()
      return answer as never
    })
    expect(await failureOf(ledger.reserve(asking({ claimId: 'mine' })))).toMatchObject({
      _tag: 'AppendUnknown',
      claim: { claimId: 'mine' }
    })
  })
})

describe('a log that makes no sense', () => {
  const listing = async (bend: (page: LogPage, after: string) => unknown) => {
    const { store } = scriptedLedger()
    await createLedger({ store: store.real }).reserve(asking())
    const readAll: EventStore['readAll'] = (after, prefix, count) => async () => {
      const read = await store.real.readAll(after, prefix, count)()
      return E.isLeft(read) ? read : (E.right(bend(read.right, after)) as typeof read)
    }
    return failureOf(createLedger({ store: { ...store.real, readAll } }).list())
  }
  it.each<[string, (page: LogPage, after: string) => unknown]>([
    ['never goes on', (page, after) => ({ ...page, events: [], next: after, atEnd: false })],
    ['goes in a circle', (page, after) => ({ ...page, events: [], next: after === '1' ? '2' : '1', atEnd: false })],
    [
      'goes in a long circle',
      (page, after) => ({ ...page, events: [], next: `${((Number(after) || 0) % 97) + 1}`, atEnd: false })
    ],
    ['gives the same events for ever', (page) => ({ ...page, next: '1', atEnd: false })],
    [
      'gives other streams’ events',
      (page) => ({ ...page, events: page.events.map((event) => ({ ...event, stream: 'orders-1' })) })
    ],
    ['has no position', (page) => ({ ...page, next: 7 })],
    ['is no page', () => null]
  ])('is a failure, and no endless loop: %s', async (_, bend) => {
    expect(['CorruptStream', 'StoreUnavailable']).toContain((await listing(bend))._tag)
  })
  it('lets others have their turn while it is read', async () => {
    const { store } = scriptedLedger()
    let turns = 0
    let reads = 0
    const readAll: EventStore['readAll'] = () => async () =>
      E.right({ events: [], next: `${reads++}`, atEnd: reads > 50 })
    // turns of the loop, and no timer: all pages together may take less than a millisecond
    let others: NodeJS.Immediate
    const turn = (): void => {
      turns++
      others = setImmediate(turn)
    }
    others = setImmediate(turn)
    await createLedger({ store: { ...store.real, readAll } }).list()
    clearImmediate(others)
    expect(reads).toBe(51)
    expect(turns).toBeGreaterThanOrEqual(50)
  })
})

describe('a stream of which nothing can be made', () => {
  it('is CorruptStream, and no endless loop, where its epoch cannot be counted on', async () => {
    const { store, ledger, clock } = scriptedLedger()
    const { chained } = await import('../../support/hash-chain.ts')
    await ledger.reserve(asking({ key: 'other' }))
    const [template] = ((await store.real.readStream(streamOf('other'), 'forwards', 'start', 1)()) as E.Right<Events>)
      .right
    const data = {
      ...JSON.parse(template?.data ?? '{}'),
      recordId: idOf(),
      key: 'k',
      epoch: Number.MAX_SAFE_INTEGER + 1
    }
    const { metadata } = template ?? expect.unreachable()
    const { schemaVersion } = JSON.parse(metadata)
    const events = chained(streamOf(), [{ type: 'Reserved', data, metadata: { schemaVersion } }])
    await store.real.append({ stream: streamOf(), expected: { _tag: 'NoStream' }, events })()
    clock.now += 100_000
    expect(await failureOf(ledger.reserve(asking({ owner: 'next' })))).toMatchObject({ _tag: 'CorruptStream' })
  })
})
