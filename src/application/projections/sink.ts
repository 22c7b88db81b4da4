import type { TaskEither } from 'fp-ts/TaskEither'
import type { Failure } from '../../domain/failure.ts'
import type { Position } from '../ports/event-store.ts'
import type { Anchor, Checkpoint } from '../ports/view-store.ts'
import type { Item } from './item.ts'

/** Which part of the log: of all record ids those that fall to it. */
export type Share = {
  /** Which one, from 0 on. */
  readonly partition: number
  /** Of how many. */
  readonly partitions: number
}

/** What a sink is handed, in log order; to be taken in whole, with its checkpoint, in one transaction, or not at all. */
export type SinkBatch = Share & {
  /** The fence: a sink that has seen a higher one refuses (`Contended`); 0 where the runner has no lease, and no fence. */
  readonly epoch: number
  /** The position of the checkpoint that this batch follows on. A sink that stands elsewhere refuses (`Contended`). */
  readonly after: Position | 'start'
  /** How far it has come. */
  readonly checkpoint: Checkpoint
  /** Events, and what cannot be read. */
  readonly items: ReadonlyArray<Item>
}

/**
 * A projection with storage of its own. The runner feeds it batch by batch; exactly once is the sink's to keep, by storing
 * the checkpoint in the transaction of what it writes. Whatever it throws or rejects with is `StoreUnavailable`.
 */
export type Sink = {
  /** What it is called. */
  readonly name: string
  /** Of the projection that made it. */
  readonly version: number
  /** Raises its fence and tells where it stands; nothing where it has seen no event of the share. */
  readonly begin: (share: Share, epoch: number) => TaskEither<Failure, Checkpoint | undefined>
  /** Takes a batch in, whole or not at all. */
  readonly apply: (batch: SinkBatch) => TaskEither<Failure, void>
}

export const atStart: Checkpoint = { position: 'start', events: 0, appliedAtMs: 0, rate: 0 }

const anchorOf = (item: Item): Anchor | undefined =>
  item._tag === 'Event'
    ? { stream: item.entry.stream, revision: `${item.entry.revision}`, id: item.entry.id }
    : undefined

/** How much the newest second counts in the rate. */
const newest = 0.2

/** The checkpoint after a batch. */
export const checkpointAfter = (
  before: Checkpoint,
  items: ReadonlyArray<Item>,
  position: Position,
  nowMs: number
): Checkpoint => {
  const last = items.findLast(({ _tag }) => _tag === 'Event')
  const recordedAtMs = last?._tag === 'Event' ? last.entry.recordedAtMs : before.recordedAtMs
  const seconds = Math.max(nowMs - before.appliedAtMs, 1) / 1000
  const now = before.appliedAtMs === 0 ? 0 : items.length / seconds
  const weight = 1 - (1 - newest) ** Math.min(seconds, 60)
  return {
    position,
    anchor: (last && anchorOf(last)) ?? before.anchor,
    events: before.events + items.length,
    ...(recordedAtMs !== undefined && { recordedAtMs }),
    appliedAtMs: nowMs,
    rate: before.appliedAtMs === 0 ? 0 : Math.round((before.rate * (1 - weight) + now * weight) * 100) / 100
  }
}
