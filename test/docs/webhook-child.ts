import type { AddressInfo } from 'node:net'
import { createLedger } from '../../src/composition/ledger.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { say } from '../process/say.ts'
import { webhookServer } from './snippets/receive-webhooks.ts'

export type WebhookSaid =
  | { readonly _tag: 'Listening'; readonly url: string }
  | { readonly _tag: 'Working'; readonly attempt: number }

// Run as a process of its own: the how-to's server, whose work has no end but a kill.
const { file }: { readonly file: string } = JSON.parse(process.argv[2] ?? '')
const ledger = createLedger({ store: await openSqliteStore({ file }) })
const server = webhookServer({
  ledger,
  isSigned: () => true,
  handle: (_, { attempt }) => {
    say({ _tag: 'Working', attempt })
    return new Promise(() => {})
  }
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  say({ _tag: 'Listening', url: `http://127.0.0.1:${port}` })
})
