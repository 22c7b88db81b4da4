import { createInterface } from 'node:readline'
import { createLedger } from '../../src/composition/ledger.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { say as sayAny } from '../process/say.ts'
import { type Message, workOff } from './snippets/work-off-a-queue.ts'

export type QueueOrder = {
  readonly file: string
  /** How far its clock is ahead: a machine on which the leases of others are over. */
  readonly aheadMs: number
  /** In this step it comes to no end. */
  readonly hangsIn?: string
}

export type QueueSaid =
  | { readonly _tag: 'Ready' }
  | { readonly _tag: 'Effect'; readonly step: string; readonly attempt: number }
  | { readonly _tag: 'Acked' | 'GivenBack' | 'Parked'; readonly id: string }

// Run as a process of its own: a worker of the how-to's pool. Its queue is its parent, line by line.
const { file, aheadMs, hangsIn }: QueueOrder = JSON.parse(process.argv[2] ?? '')
const say: (said: QueueSaid) => void = sayAny
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const store = await openSqliteStore({ file })
const ledger = createLedger({ store, clock: () => Date.now() + aheadMs })

const told = (_tag: 'Acked' | 'GivenBack' | 'Parked') => async (message: Message) => say({ _tag, id: message.id })
const queue = {
  take: async () => {
    const line = await lines.next()
    const message: Message | undefined = line.done ? undefined : JSON.parse(line.value)
    return message
  },
  ack: told('Acked'),
  nack: told('GivenBack'),
  park: told('Parked')
}

say({ _tag: 'Ready' })
await workOff(
  queue,
  ledger,
  async (_, { step, attempt }) => {
    for (const name of ['reserve', 'pack', 'ship']) {
      await step(name, () => {
        say({ _tag: 'Effect', step: name, attempt })
        return name === hangsIn ? new Promise(() => {}) : null
      })
    }
  },
  new AbortController().signal
)
