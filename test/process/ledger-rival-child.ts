import { once } from 'node:events'
import { createLedger } from '../../src/composition/ledger.ts'
import { KeyfoldError } from '../../src/composition/promises.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import type { LedgerSaid } from './said.ts'
import { say as sayAny } from './say.ts'

// Run as a process of its own: wants keys that other processes want too, does something with each that it gets, and
// says each answer once it has it.
const {
  file,
  worker,
  keys,
  callers,
  rounds
}: {
  readonly file: string
  readonly worker: number
  readonly keys: number
  readonly callers: number
  readonly rounds: number
} = JSON.parse(process.argv[2] ?? '')
const say: (said: LedgerSaid) => void = sayAny
const store = await openSqliteStore({ file })
const ledger = createLedger({ store, category: 'rivals' })
const tenant = { orgId: 'acme', workspaceId: 'shop', source: 'explicit' } as const

/** One try for one key: what is got is completed with a short retention, or given back, so that it is to be had again. */
const round = async (caller: number, n: number): Promise<void> => {
  const key = `key ${(n * 5 + caller * 3 + worker) % keys}`
  const nowMs = 1_000_000 + n * 1000
  try {
    const answer = await ledger.reserve({
      tenant,
      operation: 'charge',
      key,
      owner: `worker ${worker}`,
      requestFingerprint: 'sha256:1',
      lease: 'none',
      retentionMs: 1,
      nowMs
    })
    if (answer._tag === 'Duplicate') return say({ _tag: 'Duplicate', key })
    if (answer._tag !== 'Reserved') return say({ _tag: 'Failed', key, error: answer._tag })
    const { claim } = answer
    const { claimId } = claim
    say({ _tag: 'Reserved', key, epoch: claim.epoch, claimId })
    if ((n + caller) % 3 === 0) {
      const released = await ledger.release({ claim, nowMs })
      if (released._tag !== 'Released') return say({ _tag: 'Failed', key, error: released._tag })
      return say({ _tag: 'Released', key, claimId })
    }
    const ref = `${worker}/${caller}/${n}`
    const outcome = { outcomeKind: 'charged', completedAtMs: nowMs, primaryRefKind: 'charge', primaryRefId: ref }
    const completed = await ledger.complete({ claim, outcome, nowMs })
    // a rival whose time is later may have found its retention over at once: that is after it, not instead of it
    if (completed._tag !== 'Completed') return say({ _tag: 'Failed', key, error: completed._tag })
    say({ _tag: 'Completed', key, claimId, ref })
  } catch (cause) {
    say({
      _tag: 'Failed',
      key,
      error: cause instanceof KeyfoldError ? `${cause.tag}: ${cause.message}` : String(cause)
    })
  }
}

say({ _tag: 'Ready' })
await once(process.stdin, 'data')
process.stdin.destroy()
await Promise.all(
  Array.from({ length: callers }, async (_, caller) => {
    for (let n = 0; n < rounds; n++) await round(caller, n)
  })
)
await ledger.dispose()
await store.dispose()
