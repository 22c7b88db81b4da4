import { closeSync, openSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { createLedger, type Ledger } from '../../src/composition/ledger.ts'
import { KeyfoldError } from '../../src/composition/promises.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { say } from './say.ts'

/** What a ledger's process is told to do: to want a key, to open and close its store's files, or to go on by itself. */
export type LogOrder =
  | { readonly do: 'reserve'; readonly key: string }
  | { readonly do: 'read files'; readonly names: ReadonlyArray<string> }
  | { readonly do: 'run'; readonly keys: number; readonly seed: number }
  | { readonly do: 'stop' }

export type LogSaid =
  | { readonly _tag: 'Opened' }
  | { readonly _tag: 'Refused'; readonly error: string }
  | { readonly _tag: 'Done'; readonly order: number; readonly said: string }
  | { readonly _tag: 'Reserved'; readonly key: string; readonly epoch: number }
  | { readonly _tag: 'Failed'; readonly key: string; readonly error: string }

// Run as a process of its own: a ledger on a file that others use too, whose log is tampered with meanwhile.
const {
  file,
  worker,
  writer = 'auto'
}: {
  readonly file: string
  readonly worker: string
  readonly writer?: 'auto' | 'worker'
} = JSON.parse(process.argv[2] ?? '')
const tenant = { orgId: 'acme', workspaceId: 'shop', source: 'explicit' } as const
const sayIt: (said: LogSaid) => void = say
let stopped = false

const reserve = async (ledger: Ledger, key: string): Promise<string> => {
  try {
    const answer = await ledger.reserve({
      tenant,
      operation: 'charge',
      key,
      owner: worker,
      requestFingerprint: 'sha256:1',
      lease: 'none'
    })
    if (answer._tag === 'Reserved') sayIt({ _tag: 'Reserved', key, epoch: answer.claim.epoch })
    return answer._tag
  } catch (cause) {
    const error = cause instanceof KeyfoldError ? cause.tag : String(cause)
    sayIt({ _tag: 'Failed', key, error })
    return error
  }
}

/** Wants one key after another, in an order of its own; every other process wants the same. */
const run = async (ledger: Ledger, keys: number, seed: number): Promise<void> => {
  for (let n = 0; n < keys && !stopped; n++) await reserve(ledger, `key ${(n * (2 * seed + 1)) % keys}`)
}

try {
  const store = await openSqliteStore({ file, busyTimeoutMs: 700, writer })
  const ledger = createLedger({ store, deadlineMs: 3000 })
  sayIt({ _tag: 'Opened' })
  let order = 0
  let running = Promise.resolve()
  for await (const line of createInterface({ input: process.stdin })) {
    const told: LogOrder = JSON.parse(line)
    order++
    if (told.do === 'stop') break
    let said = ''
    if (told.do === 'reserve') said = await reserve(ledger, told.key)
    else if (told.do === 'run') running = run(ledger, told.keys, told.seed)
    else {
      for (const name of told.names) {
        readFileSync(name)
        closeSync(openSync(name, 'r'))
      }
    }
    sayIt({ _tag: 'Done', order, said })
  }
  stopped = true
  await running
  await ledger.dispose()
  await store.dispose()
} catch (cause) {
  sayIt({ _tag: 'Refused', error: cause instanceof KeyfoldError ? `${cause.tag}: ${cause.message}` : String(cause) })
}
process.stdin.destroy()
