import { describe, expect, it } from 'vitest'
import { connect } from '../../src/adapters/sqlite/connection.ts'
import { createLedger } from '../../src/composition/ledger.ts'
import { hashOf } from '../arbitraries/examples.ts'
import { program, start } from '../support/child.ts'
import { sqliteStoreOn } from '../support/sqlite-store.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import type { LedgerSaid } from './said.ts'

/** For a machine that has much else to do; a hang is longer. */
const timeout = 300_000

const rival = program('test/process/ledger-rival-child.ts')
const tenant = { orgId: 'acme', workspaceId: 'shop', source: 'explicit' } as const

describe('8 processes on one file that want the same keys', () => {
  it('get each epoch once, and find every answer that they got in the file', { timeout }, async () => {
    const file = temporaryFile('store.db')
    const keys = 12
    const rivals = Array.from({ length: 8 }, (_, worker) =>
      start<LedgerSaid>(rival, { file, worker, keys, callers: 8, rounds: 8 })
    )
    await Promise.all(rivals.map((one) => one.hear(({ _tag }) => _tag === 'Ready')))
    for (const one of rivals) one.tell('go')
    await Promise.all(rivals.map((one) => one.end()))

    const said = rivals.flatMap((one) => one.said).filter(({ _tag }) => _tag !== 'Ready')
    expect(said.filter(({ _tag }) => _tag === 'Failed')).toEqual([])
    const store = await sqliteStoreOn({ file })
    const ledger = createLedger({ store, category: 'rivals' })
    let epochs = 0
    for (let n = 0; n < keys; n++) {
      const key = `key ${n}`
      // reads the whole stream, and checks its hash chain
      const history = await ledger.history({ tenant, operation: 'charge', key })
      expect(history.map(({ revision }) => revision)).toEqual(history.map((_, index) => BigInt(index)))
      const reserved = history.flatMap((event) => (event.type === 'Reserved' ? [event.data] : []))
      expect(reserved.map(({ epoch }) => epoch)).toEqual(reserved.map((_, index) => index + 1))
      epochs += reserved.length

      const here = said.filter((one) => 'key' in one && one.key === key)
      const claims = here.flatMap((one) => (one._tag === 'Reserved' ? [`${one.epoch} ${hashOf(one.claimId)}`] : []))
      expect(claims.toSorted()).toEqual(reserved.map(({ epoch, claimHash }) => `${epoch} ${claimHash}`).toSorted())
      const completed = history.flatMap((event) =>
        event.type === 'Completed' ? [`${event.data.claimHash} ${event.data.outcome.primaryRefId}`] : []
      )
      const ends = here.flatMap((one) => (one._tag === 'Completed' ? [`${hashOf(one.claimId)} ${one.ref}`] : []))
      expect(ends.toSorted()).toEqual(completed.toSorted())
      const released = history.filter((event) => event.type === 'Expired' && event.data.reason === 'released')
      expect(here.filter(({ _tag }) => _tag === 'Released')).toHaveLength(released.length)
      const duplicates = history.reduce((sum, one) => (one.type === 'DuplicateSeen' ? sum + one.data.count : sum), 0)
      // in a storm a duplicate may be answered without being recorded; none is recorded that was not answered
      expect(duplicates).toBeLessThanOrEqual(here.filter(({ _tag }) => _tag === 'Duplicate').length)
    }
    expect(said.filter(({ _tag }) => _tag === 'Reserved')).toHaveLength(epochs)
    expect(epochs).toBeGreaterThan(keys)
    const file2 = connect(file)
    expect(file2.prepare('PRAGMA integrity_check').rows([])).toEqual([['ok']])
    file2.close()
  })
})
