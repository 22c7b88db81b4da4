import { currentVersion } from '../domain/events/codecs.ts'
import type { IdentifiedEvent, LedgerEvent } from '../domain/events/ledger-event.ts'
import { evolve } from '../domain/evolve.ts'
import { nextRevision } from '../domain/expected-revision.ts'
import { foldVersion, isSnapshotDue } from '../domain/snapshot.ts'
import { linkHash, withHash } from './event-text.ts'
import { expectedAfter, type Loaded } from './loaded.ts'
import type { Append, ProposedEvent } from './ports/event-store.ts'
import type { Settings } from './settings.ts'

/** Who wrote an event and why, kept in its metadata. */
export type Context = { readonly actor?: string; readonly correlationId?: string; readonly causationId?: string }

export type PlannedEvent = { readonly event: LedgerEvent; readonly context: Context }

/** An append with everything fixed, ids and all, so that it can be tried again; and the stream as it leaves it. */
export type Attempt = { readonly append: Append; readonly after: Loaded }

/** What an event costs a store beside its texts: generous, since stores count differently. */
const overhead = 256

/** Fixes an attempt before its first try: random ids, texts, the hash chain, and the snapshot where one is due. */
export const freeze = (
  { sha256, chance, store }: Pick<Settings, 'sha256' | 'chance' | 'store'>,
  stream: string,
  loaded: Loaded,
  planned: ReadonlyArray<PlannedEvent>
): Attempt => {
  const expected = expectedAfter(loaded)
  const events: Array<ProposedEvent> = []
  let { state, lastHash } = loaded
  let revision = nextRevision(expected)
  let bytes = 0
  for (const { event, context } of planned) {
    const id = chance.uuid()
    const data = JSON.stringify(event.data)
    const identified: IdentifiedEvent = { ...event, id }
    state = evolve(state, identified)
    const base = { schemaVersion: currentVersion(event.type), previousHash: lastHash, ...context }
    let unhashed = JSON.stringify(base)
    bytes += data.length + unhashed.length + overhead
    if (isSnapshotDue(revision)) {
      const snapped = JSON.stringify({ ...base, snapshot: { foldVersion, state } })
      // in UTF-8 a text takes at most three bytes a code unit; a snapshot left out is tried again by the next event
      if (store.maxAppendBytes === undefined || 3 * (bytes + snapped.length) <= store.maxAppendBytes) {
        bytes += snapped.length - unhashed.length
        unhashed = snapped
      }
    }
    lastHash = linkHash(sha256, lastHash, { id, type: event.type, data, unhashed })
    events.push({ id, type: event.type, data, metadata: withHash(unhashed, lastHash) })
    revision += 1n
  }
  return { append: { stream, expected, events }, after: { state, actual: revision - 1n, lastHash } }
}
