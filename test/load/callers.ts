import type { EventStore } from '../../src/application/ports/event-store.ts'
import type { Claim } from '../../src/domain/claim.ts'
import { createLedger, KeyfoldError, type Ledger, recordId } from '../../src/index.ts'

/** What a caller was told. */
export type Acknowledged =
  | { readonly _tag: 'Reserved'; readonly recordId: string; readonly claim: Claim }
  | {
      readonly _tag: 'Completed' | 'ClaimLost'
      readonly recordId: string
      readonly claim: Claim
      readonly visit: number
    }
  | { readonly _tag: 'Released'; readonly recordId: string; readonly claim: Claim }
  | { readonly _tag: 'Duplicate' | 'Conflict'; readonly recordId: string }

export type Load = {
  /** Stores of the ledgers that rival: each has a queue, a cache and a connection of its own. */
  readonly stores: ReadonlyArray<EventStore>
  readonly category: string
  readonly keys: number
  /** How many callers come to each key, about at the same time. */
  readonly rivals: number
  readonly callers: number
  readonly chance: () => number
  /** Told how many visits are done. */
  readonly onProgress?: (done: number) => void
}

/** What callers were told, and the failures that they were left with. */
export type LoadResult = { readonly told: ReadonlyArray<Acknowledged>; readonly failures: ReadonlyArray<string> }

const tenant = { orgId: 'load', workspaceId: 'test' }
const operation = 'op'
const minute = 60_000

/** Failures that say that nothing was written, and to ask again. */
const passing: ReadonlySet<string> = new Set(['StoreUnavailable', 'StoreTimeout', 'StoreBusy'])
const maxTries = 20

/** Asks as callers do: again where that is the advice. */
const asking = async <A>(ask: () => Promise<A>): Promise<A> => {
  for (let tries = 1; ; tries++) {
    try {
      return await ask()
    } catch (cause) {
      if (!(cause instanceof KeyfoldError) || !passing.has(cause.tag) || tries === maxTries) throw cause
    }
  }
}

type Visit = { readonly number: number; readonly key: number; readonly note: (told: Acknowledged) => void }

/** One caller at one key: reserves it, and does with the claim, if there is one, what callers do. */
const visit = async (ledger: Ledger, { number, key, note }: Visit, chance: () => number): Promise<void> => {
  const id = recordId(tenant, operation, `key-${key}`)
  const reserve = async (nowMs: number): Promise<Claim | undefined> => {
    const requestFingerprint = chance() < 0.05 ? 'another request' : 'request'
    const answer = await asking(() =>
      ledger.reserve({
        tenant,
        operation,
        key: `key-${key}`,
        owner: `caller-${number}`,
        requestFingerprint,
        lease: minute,
        nowMs
      })
    )
    if (answer._tag === 'Reserved') note({ _tag: 'Reserved', recordId: id, claim: answer.claim })
    else if (answer._tag !== 'Gone') note({ _tag: answer._tag, recordId: id })
    return answer._tag === 'Reserved' ? answer.claim : undefined
  }
  const release = async (claim: Claim): Promise<void> => {
    const { _tag } = await asking(() => ledger.release({ claim }))
    if (_tag === 'Released') note({ _tag, recordId: id, claim })
  }
  const complete = async (claim: Claim): Promise<void> => {
    const outcome = { outcomeKind: 'done', details: { visit: number } }
    const { _tag } = await asking(() => ledger.complete({ claim, outcome }))
    if (_tag !== 'AlreadyCompleted') note({ _tag, recordId: id, claim, visit: number })
  }
  // a few come when every lease is over, and take the key over from its holder
  let claim = await reserve(Date.now() + (chance() < 0.05 ? 10 * minute : 0))
  if (claim !== undefined && chance() < 0.1) {
    await release(claim)
    claim = await reserve(Date.now())
  }
  if (claim !== undefined) await complete(claim)
}

/** Sends all callers over all keys. */
export const runLoad = async ({
  stores,
  category,
  keys,
  rivals,
  callers,
  chance,
  onProgress
}: Load): Promise<LoadResult> => {
  const told: Array<Acknowledged> = []
  const failures: Array<string> = []
  // long enough for a machine that is busy with other things
  const ledgers = stores.map((store) => createLedger({ store, category, deadlineMs: minute }))
  const visits = keys * rivals
  let next = 0
  let done = 0
  const call = async (ledger: Ledger): Promise<void> => {
    while (next < visits) {
      const number = next++
      try {
        await visit(ledger, { number, key: Math.floor(number / rivals), note: (one) => told.push(one) }, chance)
      } catch (cause) {
        failures.push(cause instanceof KeyfoldError ? `${cause.tag}: ${cause.message}` : String(cause))
      }
      onProgress?.(++done)
    }
  }
  const places = Array.from({ length: callers }, (_, caller) => ledgers[caller % ledgers.length])
  await Promise.all(places.map((ledger) => ledger && call(ledger)))
  await Promise.all(ledgers.map((ledger) => ledger.dispose()))
  return { told, failures }
}
