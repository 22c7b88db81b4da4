import { describe, expect, it, onTestFinished } from 'vitest'
import { createLedger } from '../../src/index.ts'
import { openMemoryStore } from '../../src/memory.ts'
import { createProjections, openMemoryViews, openSqliteViews } from '../../src/projections.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import { countsByType, countsOfKeys, held } from './three-projections.ts'

describe.each([['memory'], ['sqlite']])('views in %s', (kind) => {
  it('works', async () => {
    const store = await openMemoryStore()
    const ledger = createLedger({ store })
    const views = kind === 'memory' ? await openMemoryViews() : await openSqliteViews({ file: temporaryFile('v.db') })
    onTestFinished(() => views.dispose())
    const projections = createProjections({ store, views, leaseMs: 1000 })
    const runner = projections.run(countsOfKeys, { partitions: 3 })
    const b = projections.run(countsByType, { partitions: 2 })
    const c = projections.run(held)
    for (let n = 0; n < 50; n++) {
      const a = await ledger.reserve({ tenant: { orgId: 'o', workspaceId: 'w' }, operation: 'op', key: `${n}`, owner: 'me', requestFingerprint: 'f', lease: 1000 })
      if (a._tag === 'Reserved' && n % 2) await ledger.complete({ claim: a.claim, outcome: { outcomeKind: 'x' } })
    }
    for (const name of ['counts_of_keys', 'counts_by_type', 'held']) expect(await projections.waitUntil(name, 'end')).toBe(true)
    expect(await projections.view(countsByType).get('Reserved')).toBe(50)
    expect(await projections.view(countsByType).get('Completed')).toBe(25)
    expect((await projections.view(held).page({ limit: 1000 })).rows.length).toBe(25)
    for (const p of [countsOfKeys, held]) expect(await projections.verify(p)).toMatchObject({ events: 75, difference: undefined })
    expect(await projections.rebuild(countsOfKeys)).toMatchObject({ events: 75, parked: 0 })
    expect(await projections.verify(countsOfKeys)).toMatchObject({ events: 75, difference: undefined })
    console.log(JSON.stringify(await projections.health('counts_of_keys'), null, 1))
    await runner.stop()
    await b.stop()
    await c.stop()
    await runner.ended()
    await projections.dispose()
  })
})
