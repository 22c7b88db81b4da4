import { describe, expect, it } from 'vitest'
import type { EventStore } from '../../src/application/ports/event-store.ts'
import { createLedger } from '../../src/composition/ledger.ts'
import { countedFeeds } from '../support/counted-feeds.ts'
import { freshCategory, openOn, realServer, standIn } from '../support/eventstoredb.ts'
import { eventually } from '../support/eventually.ts'
import { asking, claimOf, done, keyOf } from '../support/scripted-ledger.ts'
import { sqliteStoreOn } from '../support/sqlite-store.ts'
import { temporaryFile } from '../support/temporary-file.ts'

/** Two stores on one log, as two processes have them. */
const onFile = async (): Promise<readonly [EventStore, EventStore]> => {
  const file = temporaryFile('store.db')
  return [await sqliteStoreOn({ file }), await sqliteStoreOn({ file })]
}

const onServer = async (): Promise<readonly [EventStore, EventStore]> => {
  const url = realServer ?? (await standIn()).url
  return [await openOn(url), await openOn(url)]
}

describe.each([
  ['one SQLite file', onFile],
  ['one EventStoreDB', onServer]
])('who waits for an outcome on %s', (_, open) => {
  it('is told of it by the subscription, however many wait, and leaves none behind', async () => {
    const [store, other] = await open()
    const feeds = countedFeeds(store)
    const category = freshCategory()
    const ledger = createLedger({ store: feeds.store, category })
    const rival = createLedger({ store: other, category })
    const claim = claimOf(await rival.reserve(asking({ lease: 600_000 })))
    const waiting = Array.from({ length: 50 }, () => ledger.awaitOutcome({ ...keyOf(), waitMs: 20_000 }))
    await eventually(() => expect(feeds.open()).toBe(1))
    await rival.reserve(asking())
    await rival.complete({ claim, outcome: done })
    for (const answer of await Promise.all(waiting)) expect(answer).toMatchObject({ _tag: 'Completed' })
    await eventually(() => expect(feeds.open()).toBe(0))
    expect(feeds.asked).toHaveLength(1)
    await Promise.all([ledger.dispose(), rival.dispose()])
    await Promise.all([store.dispose(), other.dispose()])
  })
})
