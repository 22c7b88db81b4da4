import type {
  Checkpoint,
  Generation,
  ParkedKey,
  SkippedEvent,
  StoredRow
} from '../../../application/ports/view-store.ts'
import type { Parameter, Row } from '../connection.ts'

// What the tables of a file of views hold, and what it means. Texts and numbers are of STRICT tables.

const text = (value: unknown): string => String(value)

const optional = (value: unknown): string | undefined => (value === null ? undefined : String(value))

export const generationColumns = 'id, name, version, category, partitions, standing'

export const generationIn = ([id, name, version, category, partitions, standing]: Row): Generation => ({
  id: Number(id),
  name: text(name),
  version: Number(version),
  category: text(category),
  partitions: Number(partitions),
  standing: standing === 'live' ? 'live' : 'building'
})

type Names = ReadonlyArray<string>

/** The columns of a build by name, and after them what indexes it has none of yet. */
export const columnsIn = (text: unknown): { readonly columns: Names; readonly indexes: ReadonlyArray<Names> } => {
  const all: ReadonlyArray<string | Names> = JSON.parse(String(text))
  return {
    columns: all.filter((one) => typeof one === 'string'),
    indexes: all.filter((one) => typeof one !== 'string')
  }
}

export const checkpointColumns = 'position, anchor, events, recorded_at_ms, applied_at_ms, rate'

export const checkpointIn = ([position, anchor, events, recordedAtMs, appliedAtMs, rate]: Row): Checkpoint => ({
  position: text(position),
  anchor: anchor === null ? undefined : JSON.parse(text(anchor)),
  events: Number(events),
  ...(recordedAtMs !== null && { recordedAtMs: Number(recordedAtMs) }),
  appliedAtMs: Number(appliedAtMs),
  rate: Number(rate)
})

export const checkpointRow = (checkpoint: Checkpoint): ReadonlyArray<Parameter> => {
  const { position, anchor, events, recordedAtMs, appliedAtMs, rate } = checkpoint
  return [
    position,
    anchor === undefined ? null : JSON.stringify(anchor),
    events,
    recordedAtMs ?? null,
    appliedAtMs,
    rate
  ]
}

export const parkedColumns =
  'record_id, partition, position, stream, revision, last_revision, waiting, tag, reason, parked_at_ms'

export const parkedIn = (row: Row): ParkedKey => {
  const [recordId, partition, position, stream, revision, lastRevision, waiting, tag, reason, parkedAtMs] = row
  return {
    recordId: text(recordId),
    partition: Number(partition),
    position: text(position),
    stream: optional(stream),
    revision: optional(revision),
    lastRevision: optional(lastRevision),
    waiting: Number(waiting),
    tag: text(tag),
    reason: text(reason),
    parkedAtMs: Number(parkedAtMs)
  }
}

export const parkedRow = (key: ParkedKey): ReadonlyArray<Parameter> => [
  key.recordId,
  key.partition,
  key.position,
  key.stream ?? null,
  key.revision ?? null,
  key.lastRevision ?? null,
  key.waiting,
  key.tag,
  key.reason,
  key.parkedAtMs
]

export const skippedColumns = 'record_id, revision, position, actor, reason, skipped_at_ms'

export const skippedIn = ([recordId, revision, position, actor, reason, skippedAtMs]: Row): SkippedEvent => ({
  recordId: text(recordId),
  revision: optional(revision),
  position: text(position),
  actor: text(actor),
  reason: text(reason),
  skippedAtMs: Number(skippedAtMs)
})

export const skippedRow = (event: SkippedEvent): ReadonlyArray<Parameter> => [
  event.recordId,
  event.revision ?? null,
  event.position,
  event.actor,
  event.reason,
  event.skippedAtMs
]

/** The driver ends a text at its first U+0000: what may hold one is read as bytes. */
export const storedRowColumns = 'CAST(row AS BLOB), partition, state'

const ofBytes = (value: unknown): string => (Buffer.isBuffer(value) ? value.toString() : text(value))

export const storedRowIn = ([row, partition, state]: Row): StoredRow => ({
  row: ofBytes(row),
  partition: Number(partition),
  state: text(state)
})
