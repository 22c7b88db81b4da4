// What a library on top of keyfold returns without saying its type: each is named in that library's own declarations.
import {
  apply,
  createLedger,
  decide,
  decider,
  decodeEvent,
  decodeRecorded,
  defaultPolicy,
  initialState,
  jsonFingerprint,
  type Ledger,
  readPredecessorFileTaskEither,
  recordId
} from 'keyfold'
import { openMemoryStore } from 'keyfold/memory'
import { openSqliteStoreTaskEither } from 'keyfold/sqlite'
import { given } from 'keyfold/testing'

/** An interface has no index signature. */
interface Charge {
  readonly amount: number
  readonly currency?: string
}

const tenant = { orgId: 'acme', workspaceId: 'shop' }

export const idOf = (key: string) => recordId(tenant, 'charge', key)

export const reserve = (ledger: Ledger, key: string) =>
  ledger.reserve({
    tenant,
    operation: 'charge',
    key,
    owner: 'me',
    requestFingerprint: jsonFingerprint(key),
    lease: 1000
  })

export const claimOf = async (ledger: Ledger, key: string) => {
  const answer = await reserve(ledger, key)
  return answer._tag === 'Reserved' ? answer : undefined
}

export const seenAt = async (ledger: Ledger, key: string) => {
  const answer = await reserve(ledger, key)
  return answer._tag === 'Duplicate'
    ? { at: answer.record.lastSeenAtMs, id: answer.record.recordId, answer }
    : undefined
}

export const charge = async (ledger: Ledger, key: string, details: Charge) => {
  const reserved = await claimOf(ledger, key)
  return reserved && ledger.complete({ claim: reserved.claim, outcome: { outcomeKind: 'charged', details } })
}

export const useCases = (ledger: Ledger) => ({
  get: (key: string) => ledger.get({ tenant, operation: 'charge', key }),
  history: (key: string) => ledger.history({ tenant, operation: 'charge', key }),
  list: () => ledger.list(),
  renew: ledger.renew,
  tasks: ledger.taskEither,
  times: async () =>
    (await ledger.list()).map(({ firstSeenAtMs, leaseExpiresAtMs }) => ({ firstSeenAtMs, leaseExpiresAtMs }))
})

export const core = { apply, decide, decider, decodeEvent, decodeRecorded, defaultPolicy, given, initialState }

export const doors = { openMemoryStore, openSqliteStoreTaskEither, readPredecessorFileTaskEither }

export const run = async () => {
  const store = await openMemoryStore()
  const ledger = createLedger({ store })
  const answer = await charge(ledger, 'order-1', { amount: 10 })
  const again = await seenAt(ledger, 'order-1')
  await ledger.dispose()
  await store.dispose()
  return [answer?._tag, again?.id === idOf('order-1'), again?.answer.record.outcome?.details]
}
