import { TaskAborted } from '../../src/application/effects/task-aborted.ts'
import type { OpenedStore } from '../../src/application/ports/event-store.ts'
import { createLedger } from '../../src/composition/ledger.ts'
import { once } from '../../src/composition/once.ts'
import { openEventStoreDbStore } from '../../src/eventstoredb.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { say as sayAny } from './say.ts'

/** What a worker is told: where the store and the service are, the keys that it wants, and how many at once. */
export type OnceOrder = {
  readonly store: { readonly file: string } | { readonly connectionString: string }
  readonly category: string
  readonly service: string
  readonly keys: ReadonlyArray<string>
  readonly steps: ReadonlyArray<string>
  readonly callers: number
  readonly lease: number
  /** Waits for each key until it has an outcome, however often that is asked. */
  readonly untilDone: boolean
}

export type OnceSaid =
  | { readonly _tag: 'Ready' }
  | { readonly _tag: 'Answered'; readonly key: string; readonly answer: string; readonly value?: unknown }
  | { readonly _tag: 'Threw'; readonly key: string; readonly error: string }

// Run as a process of its own: wants keys that another process wants too, and has a service do something for each.
const order: OnceOrder = JSON.parse(process.argv[2] ?? '')
const say: (said: OnceSaid) => void = sayAny

const open = (): Promise<OpenedStore> =>
  'file' in order.store
    ? openSqliteStore({ file: order.store.file })
    : openEventStoreDbStore({ connectionString: order.store.connectionString, deadlineMs: 2000 })

const store = await open()
const ledger = createLedger({ store, category: order.category })

const effect = async (key: string, step: string, epoch: number): Promise<number> => {
  const response = await fetch(order.service, { method: 'POST', body: JSON.stringify({ key, step, epoch }) })
  const { number } = (await response.json()) as { readonly number: number }
  return number
}

const ask = (key: string) =>
  once(ledger, {
    tenant: { orgId: 'acme', workspaceId: 'shop' },
    operation: 'count',
    key,
    owner: `worker ${process.pid}`,
    requestFingerprint: 'sha256:1',
    lease: order.lease,
    inFlight: { wait: 20_000 },
    // between two steps nothing happens that is not on record
    onThrow: (error) => (error instanceof TaskAborted ? 'transient' : 'ambiguous'),
    // the service's effects are what is counted: whoever takes over goes on from the points
    recover: () => 'notFound'
  })(async ({ step, attempt }) => {
    const [only] = order.steps
    if (order.steps.length === 1 && only !== undefined) return [await effect(key, only, attempt)]
    const numbers: Array<number> = []
    for (const name of order.steps) numbers.push(await step(name, () => effect(key, name, attempt)))
    return numbers
  })

const isDone: ReadonlySet<string> = new Set(['Ran', 'Replayed', 'InDoubt'])

const wantKey = async (key: string): Promise<void> => {
  for (let tries = 0; tries < 200; tries++) {
    try {
      const answer = await ask(key)
      const value = 'value' in answer ? { value: answer.value } : {}
      say({ _tag: 'Answered', key, answer: answer._tag, ...value })
      if (isDone.has(answer._tag) || !order.untilDone) return
    } catch (cause) {
      say({ _tag: 'Threw', key, error: String(cause) })
      if (!order.untilDone) return
    }
  }
}

const wanted = [...order.keys]
say({ _tag: 'Ready' })
await Promise.all(
  Array.from({ length: order.callers }, async () => {
    for (let key = wanted.shift(); key !== undefined; key = wanted.shift()) await wantKey(key)
  })
)
await ledger.dispose()
await store.dispose()
