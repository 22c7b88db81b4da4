import type { Failure } from '../../../../domain/failure.ts'
import { recordIdIn } from '../../../../domain/identity.ts'
import type { RecordedEvent, UnreadableEvent } from '../../../ports/event-store.ts'

/**
 * What is wrong with an event: the store or this build cannot read it (`unreadable`); its hash does not fit its content
 * (`altered`); it does not follow on the event before it (`broken`), which another follows already (`forked`), or is that
 * event again (`repeated`); the one before it is not there (`missing`), or stands elsewhere in the log (`misplaced`); its
 * time of recording does not fit that of its neighbours (`restamped`); its snapshot is not the fold (`snapshot`); it is
 * no legal transition, or of an impossible epoch or count.
 */
export type FindingKind =
  | 'unreadable'
  | 'altered'
  | 'broken'
  | 'forked'
  | 'repeated'
  | 'missing'
  | 'misplaced'
  | 'restamped'
  | 'snapshot'
  | 'transition'
  | 'epoch'
  | 'count'

/** Something that `verify` found: where, and why. Names no key but by its record id. */
export type Finding = {
  /** What is wrong. */
  readonly kind: FindingKind
  /** Of an event that the store cannot name the stream of, these are left out. */
  readonly recordId?: string
  /** The key's stream. */
  readonly stream?: string
  /** The event's revision in it. */
  readonly revision?: bigint
  /** The place in the store's log. */
  readonly position: string
  /** What is wrong, in words. */
  readonly message: string
}

export const findingAt = (
  { stream, revision, position }: Pick<RecordedEvent, 'stream' | 'revision' | 'position'>,
  kind: FindingKind,
  message: string
): Finding => ({ kind, recordId: recordIdIn(stream), stream, revision, position, message })

/** An event that the store itself could not read. */
export const unreadableAt = ({ stream, revision, position, error }: UnreadableEvent): Finding => ({
  kind: 'unreadable',
  ...(stream !== undefined && { recordId: recordIdIn(stream), stream }),
  ...(revision !== undefined && { revision }),
  position,
  message: told(error)
})

const told = ({ _tag, message }: Failure): string => `${_tag}: ${message}`
