import { EventStoreDBClient } from '@eventstore/db-client'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { EventStore, RecordedEvent } from '../../../../src/application/ports/event-store.ts'
import { exactly, noStream } from '../../../../src/domain/expected-revision.ts'
import { createLedger } from '../../../../src/index.ts'
import { standIn, storeOn } from '../../../support/eventstoredb.ts'
import { asking, claimOf, done, idOf, keyOf, streamOf } from '../../../support/scripted-ledger.ts'
import { type Log, soundLog } from '../../../support/tampered-log.ts'
import { contiguous } from '../../../support/tamperings.ts'

const sound = await soundLog()

/** A log as runs of events that follow each other in one stream. */
const runsOf = (log: Log): ReadonlyArray<Log> =>
  log.reduce<Array<Array<RecordedEvent>>>((runs, event) => {
    const run = runs.at(-1)
    const before = run?.at(-1)
    if (before?.stream === event.stream && before.revision + 1n === event.revision) run?.push(event)
    else runs.push([event])
    return runs
  }, [])

/** Writes a log as anybody may who has the rights. */
const write = async (store: EventStore, log: Log): Promise<void> => {
  for (const events of runsOf(log)) {
    const [{ stream = '', revision = 0n } = {}] = events
    const expected = revision === 0n ? noStream : exactly(revision - 1n)
    const written = await store.append({ stream, expected, events })()
    expect(written).toMatchObject({ _tag: 'Right' })
  }
}

/** What a server itself does not take: an id for another event of the same stream, and metadata that are no JSON. */
const onServers = contiguous.filter(({ what }) => !['two keys at fault'].includes(what))

describe('verify over gRPC', () => {
  it('passes a sound log, whole and key by key', async () => {
    const store = await storeOn((await standIn()).url)
    await write(store, sound)
    const ledger = createLedger({ store })
    expect(await ledger.verify()).toMatchObject({ events: sound.length, keys: 3, findings: [] })
    expect(await ledger.verify({ of: keyOf() })).toMatchObject({ events: 5, findings: [] })
  })
  it.each(onServers)('$what: is found and named', async ({ tamper, found }) => {
    const store = await storeOn((await standIn()).url)
    await write(store, tamper(sound))
    const { findings } = await createLedger({ store }).verify()
    expect(findings).toMatchObject(
      found.map(([kind, key, revision]) => ({ kind, recordId: idOf(key), revision: BigInt(revision) }))
    )
  })
  it('takes a key that was removed and reserved anew for what is left of it, before and after', async () => {
    const server = await standIn()
    const store = await storeOn(server.url)
    const ledger = createLedger({ store })
    const claim = claimOf(await ledger.reserve(asking()))
    await ledger.complete({ claim, outcome: done })
    await ledger.expireByOperator({ ...keyOf(), actor: 'op', note: 'asked to be forgotten' })
    const client = EventStoreDBClient.connectionString(server.url)
    onTestFinished(() => client.dispose())
    await client.deleteStream(streamOf())
    expect((await createLedger({ store }).verify()).findings).toEqual([])
    const again = createLedger({ store: await storeOn(server.url) })
    await again.reserve(asking())
    await again.reserve(asking())
    expect((await createLedger({ store }).verify()).findings).toEqual([])
    expect((await createLedger({ store }).verify({ of: keyOf() })).findings).toEqual([])
    expect((await createLedger({ store }).whatIf({})).unreadable).toEqual([])
  })
})
