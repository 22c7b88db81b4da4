import { writtenVersion } from '../../../domain/events/codecs.ts'
import { apply, withLastEvent } from '../../../domain/evolve.ts'
import { nextRevision } from '../../../domain/expected-revision.ts'
import { isSnapshotDue, snapshotVersion } from '../../../domain/snapshot.ts'
import type { State } from '../../../domain/state.ts'
import { utf8Bytes } from '../../../domain/text.ts'
import type { Append, ProposedEvent } from '../../ports/event-store.ts'
import type { Settings } from '../../settings.ts'
import { linkHash, sealed } from '../../stream/event-text.ts'
import { expectedAfter, type FoldedStream } from '../../stream/folded-stream.ts'
import type { PlannedEvent, Provenance } from '../submission.ts'

/** An append with everything fixed, ids and all, so that it can be tried again; and the stream as it leaves it. */
export type FixedAppend = { readonly append: Append; readonly after: FoldedStream }

/** What an event costs a store beside data and context: its hashes, and what stores count beside the texts. */
const overhead = 512

/** How many bytes the limit of an append leaves for snapshots. */
const roomFor = (limit: number, events: ReadonlyArray<PlannedEvent>): number =>
  events.reduce(
    (room, { event: { data }, provenance }) =>
      room - utf8Bytes(JSON.stringify(data) + JSON.stringify(provenance)) - overhead,
    limit
  )

const member = (name: keyof Provenance, text: string | undefined): string =>
  text === undefined ? '' : `,"${name}":${JSON.stringify(text)}`

/** The beginning of an event's metadata, as `JSON.stringify` would write it; put together, since every event needs one. */
const metadataText = (schemaVersion: number, previousHash: string, provenance: Provenance): string =>
  `{"schemaVersion":${schemaVersion},"previousHash":"${previousHash}"` +
  member('actor', provenance.actor) +
  member('correlationId', provenance.correlationId) +
  member('causationId', provenance.causationId)

/**
 * An event's own id. One that repeats the event before it is taken for that event, delivered twice, and changes nothing: what
 * was to be written would be lost in silence. Whoever replaced `chance` broke its promise, and the command breaks off.
 */
const ownId = (given: unknown, before: string | undefined): string => {
  if (typeof given === 'string' && given !== '' && given !== before) return given
  throw new Error('chance.uuid must give a text that it has not given before')
}

/** The state after the event at an index. */
const stateAt = (from: State, events: ReadonlyArray<PlannedEvent>, index: number): State =>
  events.slice(0, index + 1).reduce((state, { event }) => apply(state, event), from)

/**
 * Fixes an append before its first try: random ids, texts, the hash chain, and the snapshot where one is due. `planned` is
 * the state after all events; none of them is evolved again, but for a snapshot amid them.
 */
export const fixAppend = (
  { sha256, random, store }: Pick<Settings, 'sha256' | 'random' | 'store'>,
  stream: string,
  folded: FoldedStream,
  events: ReadonlyArray<PlannedEvent>,
  planned: State
): FixedAppend => {
  const expected = expectedAfter(folded)
  const proposed: Array<ProposedEvent> = []
  let { lastHash, foldStart } = folded
  let revision = nextRevision(expected)
  let room: number | undefined
  let index = 0
  for (const { event, provenance } of events) {
    const id = ownId(random.uuid(), proposed.at(-1)?.id ?? folded.state.lastEventId)
    const data = JSON.stringify(event.data)
    const base = metadataText(writtenVersion(event), lastHash, provenance)
    // without the brace that closes it: to cut that off again is to write the text once more
    let open = base
    let stops = event.type === 'Reserved' || event.type === 'Imported'
    // a fold that was not told of the claims before its own has not all that a snapshot holds
    if (planned.earlier !== undefined && isSnapshotDue(revision, foldStart)) {
      const state = index === events.length - 1 ? planned : stateAt(folded.state, events, index)
      const snapshot = JSON.stringify({ foldVersion: snapshotVersion(state), state: withLastEvent(state, id) })
      const snapped = `${base},"snapshot":${snapshot}`
      room ??= roomFor(store.maxAppendBytes ?? Number.POSITIVE_INFINITY, events)
      const size = utf8Bytes(snapped) + 1
      // one that is left out is tried again by the next event
      if (size <= room) {
        room -= size
        open = snapped
        stops = true
      }
    }
    if (stops) foldStart = revision
    lastHash = linkHash(sha256, lastHash, { id, type: event.type, data, unhashed: `${open}}` })
    proposed.push({ id, type: event.type, data, metadata: sealed(open, lastHash) })
    revision += 1n
    index++
  }
  const state = withLastEvent(planned, proposed.at(-1)?.id)
  return {
    append: { stream, expected, events: proposed },
    after: { state, actual: revision - 1n, lastHash, foldStart }
  }
}
