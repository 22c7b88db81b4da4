import * as E from 'fp-ts/Either'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { memoryStore } from '../../src/adapters/memory/event-store.ts'
import { connect } from '../../src/adapters/sqlite/connection.ts'
import type { EventStore } from '../../src/application/ports/event-store.ts'
import { failure } from '../../src/domain/failure.ts'
import {
  createLedger,
  KeyfoldError,
  type Ledger,
  type LedgerMessage,
  type LedgerSubscription
} from '../../src/index.ts'
import { openMemoryStore } from '../../src/memory.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { countedFeeds } from '../support/counted-feeds.ts'
import { standIn, storeOn } from '../support/eventstoredb.ts'
import { scriptedStore } from '../support/scripted-store.ts'
import { sqliteStoreOn } from '../support/sqlite-store.ts'
import { temporaryFile } from '../support/temporary-file.ts'

const acme = { orgId: 'acme', workspaceId: 'shop' } as const
const other = { orgId: 'other', workspaceId: 'shop' } as const

const asking = (tenant: typeof acme | typeof other, operation: string, key: string) =>
  ({ tenant, operation, key, owner: 'me', requestFingerprint: 'f', lease: 'none' }) as const

/** Three keys of two tenants and two operations, each reserved, asked for again and completed. */
const story = async (ledger: Ledger): Promise<void> => {
  const keys = [asking(acme, 'charge', '1'), asking(other, 'charge', '2'), asking(acme, 'refund', '3')]
  for (const key of keys) {
    const answer = await ledger.reserve(key)
    if (answer._tag !== 'Reserved') throw new Error(answer._tag)
    await ledger.reserve(key)
    await ledger.complete({ claim: answer.claim, outcome: { outcomeKind: 'done' } })
  }
}

/** All messages until the end of the log. */
const heard = async (ledger: Ledger, options: LedgerSubscription = {}): Promise<ReadonlyArray<LedgerMessage>> => {
  const messages: Array<LedgerMessage> = []
  for await (const message of ledger.subscribe(options)) {
    if (message._tag === 'CaughtUp') return messages
    messages.push(message)
  }
  return messages
}

const eventsOf = (messages: ReadonlyArray<LedgerMessage>) =>
  messages.flatMap((message) => (message._tag === 'Event' ? [message] : []))

const typesOf = (messages: ReadonlyArray<LedgerMessage>) => eventsOf(messages).map(({ entry }) => entry.type)

const openings = [
  ['memory', () => openMemoryStore()],
  ['SQLite', () => sqliteStoreOn()],
  ['the stand-in', async () => storeOn((await standIn()).url)]
] as const

describe.each(openings)('a subscription of a ledger over %s', (_, open) => {
  let ledger: Ledger
  beforeEach(async () => {
    const store: EventStore = await open()
    onTestFinished(() => store.dispose())
    ledger = createLedger({ store })
    await story(ledger)
  })
  it('delivers every event with its envelope, in order, and says that it caught up', async () => {
    const events = eventsOf(await heard(ledger))
    expect(events.map(({ entry }) => entry.type)).toEqual(
      Array.from({ length: 3 }, () => ['Reserved', 'DuplicateSeen', 'Completed']).flat()
    )
    const [first] = events
    const [wanted] = await ledger.history(asking(acme, 'charge', '1'))
    expect(first?.entry).toEqual(wanted)
    expect(first).toMatchObject({ recordId: wanted?.stream.slice('idempotency-'.length), position: wanted?.position })
  })
  it.each([
    [{ tenant: acme }, 6],
    [{ tenant: { ...acme, deploymentId: '' } }, 6],
    [{ tenant: { ...acme, deploymentId: 'd' } }, 0],
    [{ operation: 'charge' }, 6],
    [{ tenant: acme, operation: 'charge' }, 3],
    [{ eventTypes: ['Completed'] }, 3],
    [{ eventTypes: ['Completed'], tenant: other }, 1],
    [{ eventTypes: [] }, 0]
  ] as const)('with %o delivers what fits, and how far it came', async (options, count) => {
    const messages = await heard(ledger, options)
    expect(eventsOf(messages)).toHaveLength(count)
    expect(messages.length).toBeGreaterThan(count)
  })
  it('knows whose an event is also where it goes on in the middle of a key', async () => {
    const all = eventsOf(await heard(ledger))
    for (const [index, { position }] of all.entries()) {
      const rest = await heard(ledger, { after: position, tenant: other, operation: 'charge' })
      const wanted = all.slice(index + 1).filter((_, n) => Math.floor((n + index + 1) / 3) === 1)
      expect(eventsOf(rest).map(({ entry }) => entry.id)).toEqual(wanted.map(({ entry }) => entry.id))
      for (const { identity } of eventsOf(rest)) {
        expect(identity).toMatchObject({ tenant: other, operation: 'charge' })
      }
    }
  })
  it('goes on live, waits for its consumer, and ends at once where it turns away', async () => {
    const types: Array<string> = []
    let later: Promise<unknown> | undefined
    for await (const message of ledger.subscribe()) {
      if (message._tag === 'CaughtUp') later ??= ledger.reserve(asking(acme, 'charge', 'later'))
      if (message._tag !== 'Event') continue
      types.push(message.entry.type)
      if (types.length === 10) break
    }
    expect(types.at(-1)).toBe('Reserved')
    await later
  })
  it('ends by its signal while it waits', async () => {
    const stop = new AbortController()
    for await (const message of ledger.subscribe({ signal: stop.signal })) {
      if (message._tag === 'CaughtUp') stop.abort()
    }
    expect(stop.signal.aborted).toBe(true)
  })
  it.each([
    [{ after: 7 }, '$.after'],
    [{ eventTypes: ['Reservd'] }, '$.eventTypes'],
    [{ tenant: { orgId: 'a' } }, '$.tenant.workspaceId'],
    [{ unreadable: 'ignore' }, '$.unreadable'],
    [null, '$']
  ])('refuses %o', async (options, path) => {
    await expect(heard(ledger, options as never)).rejects.toMatchObject({ tag: 'InvalidInput', failure: { path } })
    for await (const message of ledger.taskEither.subscribe(options as never)) {
      expect(message).toMatchObject({ _tag: 'Left', left: { _tag: 'InvalidInput', path } })
    }
  })
})

describe('a subscription over a SQLite file', () => {
  it('hears what another process writes', async () => {
    const file = temporaryFile('store.db')
    const [mine, theirs] = [await openSqliteStore({ file }), await openSqliteStore({ file })]
    const [listener, writer] = [createLedger({ store: mine }), createLedger({ store: theirs })]
    let count = 0
    for await (const message of listener.subscribe()) {
      if (message._tag === 'CaughtUp') void story(writer)
      if (message._tag === 'Event' && ++count === 9) break
    }
    expect(count).toBe(9)
    await mine.dispose()
    await theirs.dispose()
  })

  const damagedLedger = async (): Promise<Ledger> => {
    const file = temporaryFile('store.db')
    const store = await openSqliteStore({ file })
    await story(createLedger({ store }))
    await store.dispose()
    const connection = connect(file)
    connection.exec('UPDATE events SET body = zeroblob(9) WHERE position IN (2, 6)')
    connection.close()
    return createLedger({ store: await sqliteStoreOn({ file }) })
  }
  it('ends by an event that cannot be read', async () => {
    const ledger = await damagedLedger()
    const types: Array<string> = []
    const hearing = async () => {
      for await (const message of ledger.subscribe()) if (message._tag === 'Event') types.push(message.entry.type)
    }
    await expect(hearing()).rejects.toThrow(KeyfoldError)
    await expect(hearing()).rejects.toMatchObject({ tag: 'CorruptStream' })
    expect(types).toEqual(['Reserved', 'Reserved'])
  })
  it('goes on after one where it is told to, and names it', async () => {
    const messages = await heard(await damagedLedger(), { unreadable: 'tell' })
    const unreadable = messages.filter(({ _tag }) => _tag === 'Unreadable')
    expect(unreadable).toMatchObject([
      { position: '2', revision: 1n, failure: { _tag: 'CorruptStream' } },
      { position: '6', revision: 2n, failure: { _tag: 'CorruptStream' } }
    ])
    expect(typesOf(messages)).toHaveLength(7)
  })
})

describe('a subscription that asks whose a key is, of a store that fails for a while', () => {
  it.each(['fail', 'tell'] as const)('ends by what the store failed with, unreadable: %s', async (unreadable) => {
    const store = scriptedStore()
    const ledger = createLedger({ store })
    await story(ledger)
    const [first] = eventsOf(await heard(ledger))
    store.onRead(async () => E.left(failure('StoreTimeout', 'the store did not answer in time')))
    const hearing = heard(ledger, { after: first?.position, operation: 'charge', unreadable })
    await expect(hearing).rejects.toMatchObject({ tag: 'StoreTimeout' })
    const again = await heard(ledger, { after: first?.position, operation: 'charge', unreadable })
    expect(eventsOf(again)).toHaveLength(5)
  })
  it('tells of a stream that does not say it, and goes on', async () => {
    const store = scriptedStore()
    const ledger = createLedger({ store })
    await story(ledger)
    const [first] = eventsOf(await heard(ledger))
    store.onRead(async () => E.right([]))
    const messages = await heard(ledger, { after: first?.position, operation: 'charge', unreadable: 'tell' })
    expect(messages[0]).toMatchObject({ _tag: 'Unreadable', revision: 1n, failure: { _tag: 'CorruptStream' } })
    expect(eventsOf(messages)).toHaveLength(4)
  })
})

describe('a subscription in fp-ts style', () => {
  /** Gives another body for the event at the third place of the log, whose hash is then another one. */
  const spoilt = (real: EventStore): EventStore => ({
    ...real,
    subscribe: async function* (options) {
      for await (const message of real.subscribe(options)) {
        const told = E.isRight(message) && message.right._tag === 'Event' ? message.right : undefined
        if (told?.event.position !== '3') yield message
        else yield E.right({ ...told, event: { ...told.event, data: '{}' } })
      }
    }
  })
  it('lets the store go before it hands its last message over', async () => {
    const { store, open } = countedFeeds(spoilt(memoryStore()))
    const ledger = createLedger({ store })
    await story(ledger)
    const messages = ledger.taskEither.subscribe()[Symbol.asyncIterator]()
    expect([await messages.next(), await messages.next()]).toMatchObject([{ value: { _tag: 'Right' } }, {}])
    expect(open()).toBe(1)
    // nobody has to ask for what comes after it
    expect(await messages.next()).toMatchObject({ done: false, value: { left: { _tag: 'CorruptStream' } } })
    expect(open()).toBe(0)
    expect(await messages.next()).toEqual({ done: true, value: undefined })
  })
})
