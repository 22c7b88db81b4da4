import { currentVersion } from '../../../domain/events/codecs.ts'
import type { IdentifiedEvent, LedgerEvent } from '../../../domain/events/ledger-event.ts'
import { evolve } from '../../../domain/evolve.ts'
import { nextRevision } from '../../../domain/expected-revision.ts'
import { foldVersion, isSnapshotDue } from '../../../domain/snapshot.ts'
import { utf8Bytes } from '../../../domain/text.ts'
import type { Append, ProposedEvent } from '../../ports/event-store.ts'
import type { Settings } from '../../settings.ts'
import { linkHash, withHash } from '../../stream/event-text.ts'
import { expectedAfter, type FoldedStream } from '../../stream/folded-stream.ts'

/** Who wrote an event and why, kept in its metadata. */
export type Provenance = {
  readonly actor?: string | undefined
  readonly correlationId?: string | undefined
  readonly causationId?: string | undefined
}

export type PlannedEvent = { readonly event: LedgerEvent; readonly provenance: Provenance }

/** An append with everything fixed, ids and all, so that it can be tried again; and the stream as it leaves it. */
export type Attempt = { readonly append: Append; readonly after: FoldedStream }

/** What an event costs a store beside data and context: its hashes, and what stores count beside the texts. */
const overhead = 512

/** How many bytes the limit of an append leaves for snapshots. */
const roomFor = (
  limit: number,
  events: ReadonlyArray<{ readonly data: string; readonly provenance: Provenance }>
): number =>
  events.reduce((room, { data, provenance }) => room - utf8Bytes(data + JSON.stringify(provenance)) - overhead, limit)

/**
 * An event with texts of its own where the fold keeps them. A text of a request may be a part of a much longer one, a line
 * of many megabytes say, and V8 keeps the whole for the sake of the part.
 */
const owned = (event: LedgerEvent, data: string): LedgerEvent =>
  event.type === 'Reserved' || event.type === 'Imported' || event.type === 'ConflictRecorded'
    ? { ...event, data: JSON.parse(data) }
    : event

/** Fixes an attempt before its first try: random ids, texts, the hash chain, and the snapshot where one is due. */
export const freeze = (
  { sha256, random, store }: Pick<Settings, 'sha256' | 'random' | 'store'>,
  stream: string,
  folded: FoldedStream,
  planned: ReadonlyArray<PlannedEvent>
): Attempt => {
  const expected = expectedAfter(folded)
  const written = planned.map(({ event, provenance }) => {
    const data = JSON.stringify(event.data)
    return { event: owned(event, data), provenance, data }
  })
  const events: Array<ProposedEvent> = []
  let { state, lastHash, foldStart } = folded
  let revision = nextRevision(expected)
  let room: number | undefined
  for (const { event, provenance, data } of written) {
    const id = random.uuid()
    const identified: IdentifiedEvent = { ...event, id }
    state = evolve(state, identified)
    const base = {
      schemaVersion: currentVersion(event.type),
      previousHash: lastHash,
      actor: provenance.actor,
      correlationId: provenance.correlationId,
      causationId: provenance.causationId
    }
    let unhashed = JSON.stringify(base)
    let stops = event.type === 'Reserved' || event.type === 'Imported'
    // a fold that was not told of the claims before its own has not all that a snapshot holds
    if (state.earlier !== undefined && isSnapshotDue(revision, foldStart)) {
      const snapped = JSON.stringify({ ...base, snapshot: { foldVersion, state } })
      room ??= roomFor(store.maxAppendBytes ?? Number.POSITIVE_INFINITY, written)
      const size = utf8Bytes(snapped)
      // one that is left out is tried again by the next event
      if (size <= room) {
        room -= size
        unhashed = snapped
        stops = true
      }
    }
    if (stops) foldStart = revision
    lastHash = linkHash(sha256, lastHash, { id, type: event.type, data, unhashed })
    events.push({ id, type: event.type, data, metadata: withHash(unhashed, lastHash) })
    revision += 1n
  }
  return { append: { stream, expected, events }, after: { state, actual: revision - 1n, lastHash, foldStart } }
}
