import { describe, expect, it, onTestFinished } from 'vitest'
import { keyIndex } from '../../src/application/projections/shipped/key-index.ts'
import { createLedger } from '../../src/index.ts'
import { createProjections, openSqliteViews } from '../../src/projections.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { eventually } from '../support/eventually.ts'
import { keyfold } from '../support/keyfold.ts'
import { temporaryFile } from '../support/temporary-file.ts'

const tenant = { orgId: 'acme', workspaceId: 'shop' } as const
const asked = { tenant, operation: 'charge', owner: 'me', requestFingerprint: 'f', lease: 'none' } as const

describe('the command line on the file of a store that keeps a view inline', () => {
  it('builds, checks and tells of the view there; what it writes itself is taken in by who keeps it', async () => {
    const file = temporaryFile('store.db')
    const at = ['--store', `sqlite:${file}`]
    const projections = async (...args: ReadonlyArray<string>) => {
      const { code, stdout, stderr } = await keyfold(['--json', 'projections', ...args, ...at, '--views', file])
      expect(code, stderr).toBe(0)
      return JSON.parse(stdout)
    }
    await (await openSqliteStore({ file })).dispose()
    expect(await projections('rebuild', 'key_index')).toMatchObject({ events: 0 })
    const store = await openSqliteStore({ file, inline: [keyIndex] })
    const views = await openSqliteViews({ file })
    const here = createProjections({ store, views })
    onTestFinished(async () => {
      await here.dispose()
      await views.dispose()
      await store.dispose()
    })
    const ledger = createLedger({ store })
    await ledger.reserve({ ...asked, key: 'ours' })
    expect(await projections('status', 'key_index')).toMatchObject({
      projections: [{ built: true, partitions: [{ events: 1, lag_events: 0 }] }]
    })
    const more = ['--key', 'theirs', '--operation', 'charge', '--owner', 'me', '--fingerprint', 'f', '--lease', '1m']
    expect(await keyfold(['reserve', ...more, ...at])).toMatchObject({ code: 0 })
    await eventually(async () => expect((await here.view(keyIndex).page()).rows).toHaveLength(2))
    expect(await projections('rebuild', 'key_index', '--partitions', '2')).toMatchObject({ events: 2, partitions: 2 })
    await ledger.reserve({ ...asked, key: 'ours again' })
    expect((await here.view(keyIndex).page()).rows).toHaveLength(3)
    expect(await projections('verify', 'key_index')).toMatchObject({ events: 3, rows: 3, difference: null })
    expect(await projections('parked', 'key_index')).toMatchObject({ parked: [] })
    expect(await keyfold(['verify', ...at])).toMatchObject({ code: 0 })
  })
})
