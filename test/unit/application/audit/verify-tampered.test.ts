import { describe, expect, it, onTestFinished } from 'vitest'
import type { EventStore } from '../../../../src/application/ports/event-store.ts'
import { createLedger, type LedgerOptions } from '../../../../src/composition/ledger.ts'
import { openSqliteStore } from '../../../../src/sqlite.ts'
import { idOf, keyOf, streamOf } from '../../../support/scripted-ledger.ts'
import { endedAt, type Log, readOnlyStore, schema1File, schema2File, soundLog } from '../../../support/tampered-log.ts'
import { contiguous, ofFiles, type Tampering } from '../../../support/tamperings.ts'

const sound = await soundLog()

const ledgerOn = (store: EventStore, options: Partial<LedgerOptions> = {}) => {
  onTestFinished(() => store.dispose())
  return createLedger({ store, clock: () => endedAt, ...options })
}

const stores: { readonly [name: string]: (log: Log) => Promise<EventStore> } = {
  'schema 1, read where it cannot be written': async (log) => readOnlyStore(await schema1File(log)),
  'schema 1, migrated when it is opened': async (log) => openSqliteStore({ file: await schema1File(log) }),
  'schema 2': async (log) => openSqliteStore({ file: await schema2File(log, sound) })
}

/** A migration copies every byte, and refuses what follows on no event: a few show that nothing is lost on the way. */
const migrated = ['a byte flipped in data', 'a row inserted with a hash', 'a row stamped later']

const findingsOf = (found: Tampering['found']) =>
  found.map(([kind, key, revision]) => ({
    kind,
    recordId: idOf(key),
    stream: streamOf(key),
    revision: BigInt(revision)
  }))

describe.each(Object.entries(stores))('a file of %s', (name, storeOf) => {
  it('passes as it is', async () => {
    const ledger = ledgerOn(await storeOf(sound))
    expect(await ledger.verify()).toEqual({
      events: sound.length,
      keys: 3,
      findings: [],
      findingCount: 0,
      snapshotsNotJudged: 0,
      foreignEvents: 0,
      next: String(sound.length)
    })
  })
  const tamperings = [...contiguous, ...ofFiles].filter(
    ({ what }) => !name.includes('migrated') || migrated.some((one) => what.startsWith(one))
  )
  it.each(tamperings)('$what: is found and named', async ({ tamper, found }) => {
    const ledger = ledgerOn(await storeOf(tamper(sound)))
    const { findings, findingCount } = await ledger.verify()
    expect(findings).toMatchObject(findingsOf(found))
    expect(findingCount).toBe(found.length)
    for (const { message, position } of findings) expect(message !== '' && position !== '').toBe(true)
    // no raw key, and no owner
    expect(JSON.stringify(findings.map(({ message }) => message))).not.toMatch(/"(k|me|you)"/)
  })
})

describe('a key by itself', () => {
  // it does not show where it stands among others
  const alone = [...contiguous, ...ofFiles].filter(
    ({ what, found }) => found.length === 1 && !/first row|in the log|end of the log/.test(what)
  )
  it.each(alone)('$what: is found too', async ({ tamper, found }) => {
    const [[kind, key, revision] = ['altered', 'k', 0]] = found
    const ledger = ledgerOn(await openSqliteStore({ file: await schema2File(tamper(sound), sound) }))
    const { findings } = await ledger.verify({ of: keyOf(key) })
    expect(findings).toMatchObject([{ kind, recordId: idOf(key), revision: BigInt(revision) }])
    expect((await ledger.verify({ of: keyOf(key === 'a' ? 'k' : 'a') })).findings).toEqual([])
  })
  it('that was never seen has no events', async () => {
    const ledger = ledgerOn(await openSqliteStore({ file: await schema2File(sound, sound) }))
    expect(await ledger.verify({ of: keyOf('never') })).toMatchObject({ events: 0, keys: 0, findings: [] })
  })
})
