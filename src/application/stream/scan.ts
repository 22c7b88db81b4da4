import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import { noRejections } from '../../domain/evidence.ts'
import { evolve } from '../../domain/evolve.ts'
import { amended, type Failure, failure } from '../../domain/failure.ts'
import { keyStream, recordIdIn } from '../../domain/identity.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import { initialState, recordOf, type State } from '../../domain/state.ts'
import type { RecordedEvent, UnreadableEvent } from '../ports/event-store.ts'
import type { Settings } from '../settings.ts'
import { corrupt, type DecodedEvent, decodeRecorded } from './event-text.ts'
import { unread } from './following-streams.ts'
import { mayBegin } from './may-begin.ts'
import { readState } from './read-state.ts'
import { walkLog } from './walk-log.ts'

/** A key's stream that cannot be read, or does not hold together. */
export type UnreadableStream = {
  /** The record id that the stream is named for. */
  readonly recordId: string
  /** The name of the stream. */
  readonly stream: string
  /** The first revision at fault, where it is known. */
  readonly revision?: bigint
  /** Why, by its tag: `CorruptStream` or `UnsupportedVersion`. */
  readonly failure: Failure
}

/** Who is told of streams that are no records. */
export type ScanListeners = {
  readonly onUnreadable?: ((stream: UnreadableStream) => void) | undefined
  readonly onForeign?: ((stream: string) => void) | undefined
}

type Read = {
  readonly _tag: 'Read'
  readonly state: State
  readonly revision: bigint
  readonly hash: string
  readonly anew: boolean
}
type Seen = Read | { readonly _tag: 'Unreadable'; readonly unreadable: UnreadableStream } | { readonly _tag: 'Foreign' }

const unreadable = ({ stream, revision }: Pick<RecordedEvent, 'stream' | 'revision'>, why: Failure): Seen => ({
  _tag: 'Unreadable',
  unreadable: { recordId: recordIdIn(stream), stream, revision, failure: why }
})

/** An event that the store could not read; where it cannot name its stream, the event's place in the log stands for it. */
const unreadableEvent = ({ position, stream = `position ${position}`, revision, error }: UnreadableEvent): Seen => ({
  _tag: 'Unreadable',
  unreadable: {
    recordId: recordIdIn(stream),
    stream,
    ...(revision !== undefined && { revision }),
    failure: error
  }
})

/** Of a key that is free only what the next event needs. */
const kept = (state: State): State =>
  state._tag === 'Held'
    ? state
    : { _tag: 'Vacant', epoch: state.epoch, rejections: noRejections, lastEventId: state.lastEventId }

/** The state that an event goes on from: none where it does not follow on what was read before it. */
const stateBefore = (settings: Settings, { recorded, metadata, event }: DecodedEvent, before: Read | undefined) => {
  if (before !== undefined && recorded.revision === before.revision + 1n && metadata.previousHash === before.hash) {
    return before.state
  }
  // a stream that was deleted begins anew, with what was there before it still in the log
  const begins = before === undefined || recorded.revision > before.revision
  return begins &&
    mayBegin(settings, { recorded, metadata, event }) &&
    (event.type === 'Reserved' || event.type === 'Imported')
    ? initialState
    : undefined
}

/** What is known of a stream with one more event of it read: its hash, its place and its link are checked as `get` does. */
const seeing = (settings: Settings, before: Read | undefined, recorded: RecordedEvent): Seen => {
  const decoded = decodeRecorded(settings.sha256)(recorded)
  if (E.isLeft(decoded)) return unreadable(recorded, decoded.left)
  const state = stateBefore(settings, decoded.right, before)
  if (state === undefined) {
    return unreadable(recorded, corrupt(recorded, 'it does not follow on the event before it'))
  }
  return {
    _tag: 'Read',
    state: kept(evolve(state, decoded.right.event)),
    revision: recorded.revision,
    hash: decoded.right.metadata.hash,
    anew: before !== undefined && (before.anew || decoded.right.metadata.previousHash !== before.hash)
  }
}

/** A stream whose part in the log does not hold together may have been deleted: then it is what it is by itself. */
const asItIsNow = async (settings: Settings, seen: Seen, stream: string): Promise<E.Either<Failure, Seen>> => {
  if (settings.store.continuesAfterDelete !== true || !keyStream(settings.category)(stream)) return E.right(seen)
  if (seen._tag === 'Read' && !seen.anew) return E.right(seen)
  const read = await readState(settings)(stream)()
  if (E.isLeft(read)) {
    if (unread(read.left)._tag === 'Failed') return read
    return E.right(seen._tag === 'Read' ? unreadable({ stream, revision: seen.revision }, read.left) : seen)
  }
  const { state, lastHash } = read.right
  return E.right({ _tag: 'Read', state, revision: -1n, hash: lastHash, anew: false })
}

/** What a scan fails by where nobody listens: the first stream that could not be read, and how many there are. */
export const inAll = (first: UnreadableStream, count: number): Failure => {
  const { failure: why, recordId } = first
  const more = count === 1 ? '' : `, and ${count - 1} more`
  return amended(why, { recordId, message: `${why.message} (of ${recordId}${more} that cannot be read)` })
}

export const gaveUp = (cause: unknown): Failure => failure('Aborted', 'a listener of the scan threw', { cause })

/**
 * The records of all keys that are held, by ascending record id. A stream that cannot be read is told and left out; where
 * nobody listens the scan goes on to its end, and fails by the first.
 */
export const allRecords =
  (
    settings: Settings,
    { onUnreadable, onForeign }: ScanListeners
  ): TaskEither<Failure, ReadonlyArray<IdempotencyRecord>> =>
  async () => {
    const streams = new Map<string, Seen>()
    const isKeyStream = keyStream(settings.category)
    const see = (recorded: RecordedEvent): void => {
      const { stream } = recorded
      const before = streams.get(stream)
      if (before !== undefined && before._tag !== 'Read') return
      if (before === undefined && !isKeyStream(stream)) {
        streams.set(stream, { _tag: 'Foreign' })
        onForeign?.(stream)
        return
      }
      streams.set(stream, seeing(settings, before, recorded))
    }
    const miss = (event: UnreadableEvent): void => {
      const { stream } = event
      if (stream !== undefined && !isKeyStream(stream)) return
      const name = stream ?? `position ${event.position}`
      const before = streams.get(name)
      // the first that is at fault is named
      if (before?._tag === 'Unreadable' && (before.unreadable.revision ?? 0n) <= (event.revision ?? 0n)) return
      streams.set(name, unreadableEvent(event))
    }
    try {
      // a log that is behind looks as whole as any; where it cannot be told who leads, the scan shows what there is
      await settings.store.confirmCurrent?.()()
      const broken = await walkLog(settings, 'start', async ({ events, unreadable: missed = [] }) => {
        for (const recorded of events) see(recorded)
        for (const event of missed) miss(event)
        return undefined
      })
      if (broken !== undefined) return E.left(broken)
      const records: Array<IdempotencyRecord> = []
      let first: UnreadableStream | undefined
      let count = 0
      for (const [stream, one] of streams) {
        const now = await asItIsNow(settings, one, stream)
        if (E.isLeft(now)) return now
        const seen = now.right
        if (seen._tag === 'Unreadable') {
          first ??= seen.unreadable
          count++
          onUnreadable?.(seen.unreadable)
        }
        const record = seen._tag === 'Read' ? recordOf(seen.state) : undefined
        if (record !== undefined) records.push(record)
      }
      if (first !== undefined && onUnreadable === undefined) return E.left(inAll(first, count))
      return E.right(records.sort((a, b) => (a.recordId < b.recordId ? -1 : 1)))
    } catch (cause) {
      return E.left(gaveUp(cause))
    }
  }
