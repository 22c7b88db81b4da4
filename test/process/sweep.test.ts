import { describe, expect, it } from 'vitest'
import { createLedger } from '../../src/composition/ledger.ts'
import { program, start } from '../support/child.ts'
import { sqliteStoreOn } from '../support/sqlite-store.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import type { SweepSaid } from './sweep-child.ts'

/** For a machine that has much else to do; a hang is longer. */
const timeout = 300_000

const sweeper = program('test/process/sweep-child.ts')
const tenant = { orgId: 'acme', workspaceId: 'shop' }
const asking = { tenant, operation: 'op', owner: 'me', requestFingerprint: 'fp', lease: 'none' } as const

describe('two sweepers and a writer on one file', () => {
  it('expire each key that is due once, and no other; none of them fails', { timeout }, async () => {
    const file = temporaryFile('store.db')
    const ledger = createLedger({ store: await sqliteStoreOn({ file }) })
    const sweepers = [1, 2].map(() => start<SweepSaid>(sweeper, { file, nowMs: 2000 }))
    await Promise.all(sweepers.map((one) => one.hear(({ _tag }) => _tag === 'Ready')))
    const due: Array<string> = []
    const write = async (n: number): Promise<void> => {
      const expiresAtMs = n % 3 === 0 ? 5000 : 2000
      const made = await ledger.reserve({ ...asking, key: `key ${n}`, expiresAtMs, nowMs: 1000 })
      if (expiresAtMs === 2000) due.push(made._tag === 'Reserved' ? made.record.recordId : '')
    }
    for (let n = 0; n < 100; n++) await write(n)
    for (const one of sweepers) one.tell('go')
    for (let n = 100; n < 300; n += 10) await Promise.all(Array.from({ length: 10 }, (_, more) => write(n + more)))
    for (const one of sweepers) one.tell('all is written')
    await Promise.all(sweepers.map((one) => one.end()))

    const said = sweepers.flatMap((one) => one.said)
    expect(said.filter(({ _tag }) => _tag === 'Failed')).toEqual([])
    const expired = said.flatMap((one) => (one._tag === 'Expired' ? [one.recordId] : []))
    expect(expired.toSorted()).toEqual(due.toSorted())
    expect(await ledger.list()).toHaveLength(100)
    for (let n = 0; n < 300; n++) {
      const types = (await ledger.history({ tenant, operation: 'op', key: `key ${n}` })).map(({ type }) => type)
      expect(types, `key ${n}`).toEqual(n % 3 === 0 ? ['Reserved'] : ['Reserved', 'Expired'])
    }
  })
})
