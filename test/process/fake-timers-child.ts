import { mock } from 'node:test'
import { createLedger } from '../../src/composition/ledger.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { say } from './say.ts'

// Run as a process of its own: a test of somebody who fakes time with node:test, before the store is opened or after.
const { file, when }: { readonly file: string; readonly when: 'before' | 'after' } = JSON.parse(process.argv[2] ?? '')
const fake = (): void => mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'setImmediate', 'Date'], now: 5000 })
if (when === 'before') fake()
const store = await openSqliteStore({ file })
if (when === 'after') fake()
const ledger = createLedger({ store })
const tenant = { orgId: 'acme', workspaceId: 'shop', source: 'explicit' } as const
const answer = await ledger.reserve({
  tenant,
  operation: 'charge',
  key: 'key',
  owner: 'worker',
  requestFingerprint: 'sha256:1',
  lease: 'none'
})
const [event] = await ledger.history({ tenant, operation: 'charge', key: 'key' })
await store.dispose()
say({ answer: answer._tag, recordedAtMs: event?.recordedAtMs })
