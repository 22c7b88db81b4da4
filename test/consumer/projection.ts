// A projection over the log of a store: typed entries, with their envelope.
import { createLedger, decodeRecorded, type HistoryEntry, streamPrefix } from 'keyfold'
import { openMemoryStore } from 'keyfold/memory'

type Row = { readonly at: number; readonly actor: string | undefined; readonly what: string }

const rowOf = (entry: HistoryEntry): Row => {
  const envelope: readonly [string, bigint, string, number, number, string, string] = [
    entry.id,
    entry.revision,
    entry.position,
    entry.recordedAtMs,
    entry.schemaVersion,
    entry.hash,
    entry.previousHash
  ]
  const traced: ReadonlyArray<string | undefined> = [entry.correlationId, entry.causationId]
  const what = entry.type === 'Completed' ? entry.data.outcome.outcomeKind : entry.type
  return { at: envelope[3], actor: entry.actor, what: `${what} ${traced.join('/')}` }
}

export const run = async (): Promise<unknown> => {
  const store = await openMemoryStore({ now: () => 7 })
  const ledger = createLedger({ store, category: 'payments' })
  const context = { actor: 'web', correlationId: 'c-1', causationId: 'e-1' }
  const tenant = { orgId: 'acme', workspaceId: 'shop' }
  const asked = { tenant, operation: 'op', key: 'k', owner: 'me', requestFingerprint: 'f', ...context }
  const answer = await ledger.reserve({ ...asked, lease: 1000 })
  if (answer._tag === 'Reserved') {
    await ledger.complete({ claim: answer.claim, outcome: { outcomeKind: 'charged' }, actor: 'worker' })
  }
  const rows: Array<Row | string> = []
  for await (const message of store.subscribe({ after: 'start', streamPrefix: streamPrefix('payments') })) {
    if (message._tag === 'Left' || message.right._tag === 'CaughtUp') break
    if (message.right._tag !== 'Event') continue
    const entry = decodeRecorded(message.right.event)
    rows.push(entry._tag === 'Right' ? rowOf(entry.right) : entry.left._tag)
    const forged = decodeRecorded({ ...message.right.event, data: '{}' })
    rows.push(forged._tag === 'Left' ? forged.left._tag : 'believed')
  }
  await store.dispose()
  return [streamPrefix(), rows]
}
