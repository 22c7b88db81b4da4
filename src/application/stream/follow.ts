import * as E from 'fp-ts/Either'
import type { Failure } from '../../domain/failure.ts'
import { keyStream, streamPrefix } from '../../domain/identity.ts'
import type { EventStore, Position, RecordedEvent, UnreadableEvent } from '../ports/event-store.ts'
import type { Settings } from '../settings.ts'
import { type DecodedEvent, decodeRecorded, hashIn } from './event-text.ts'
import { type FollowingStreams, followingStreams } from './following-streams.ts'

/** What comes of following the log: decoded events, those that cannot be read, how far it is, and the log's end. */
export type Followed =
  | { readonly _tag: 'Event'; readonly decoded: DecodedEvent }
  | { readonly _tag: 'Unreadable'; readonly event: UnreadableEvent }
  | { readonly _tag: 'Checkpoint'; readonly position: Position }
  | { readonly _tag: 'CaughtUp' }

export type FollowOptions = {
  readonly after: Position | 'start'
  /** Streams of others are passed over undecoded; how far it came is told all the same. */
  readonly wants?: (stream: string) => boolean
  readonly signal?: AbortSignal
}

type Reader = Pick<Settings, 'sha256' | 'category'> & {
  readonly store: Pick<EventStore, 'readAll' | 'readStream' | 'subscribe' | 'continuesAfterDelete'>
}

/** The first event after where a subscription ended is the one at fault; a few may have come since. */
const lookAhead = 100

/** The next event that the store cannot read: a subscription that came so far ends before it, and does not say where it is. */
const nextUnreadable = async (
  { store, category }: Reader,
  after: Position | 'start'
): Promise<UnreadableEvent | undefined> => {
  const page = await store.readAll(after, streamPrefix(category), lookAhead)()
  if (E.isLeft(page)) return undefined
  return page.right.unreadable?.[0]
}

type Told = Extract<Followed, { readonly _tag: 'Event' | 'Unreadable' }>

const unreadable = ({ stream, revision, position }: RecordedEvent, error: Failure): Told => ({
  _tag: 'Unreadable',
  event: { stream, revision, position, error }
})

/** What is told of an event that was read, by itself. */
export const messageOf = (sha256: Settings['sha256'], recorded: RecordedEvent): Told => {
  const decoded = decodeRecorded(sha256)(recorded)
  return E.isRight(decoded) ? { _tag: 'Event', decoded: decoded.right } : unreadable(recorded, decoded.left)
}

/** The same, held against the event before it in its stream. A `Left` is the store's failure to tell. */
const judged = async (streams: FollowingStreams, recorded: RecordedEvent): Promise<E.Either<Failure, Told>> => {
  const followed = await streams.follow(recorded)
  if (followed._tag === 'Follows') return E.right({ _tag: 'Event', decoded: followed.decoded })
  if (followed._tag === 'Failed') return E.left(followed.failure)
  const { stream, revision } = recorded
  streams.passOver({ stream, revision, hash: hashIn(recorded) })
  return E.right(unreadable(recorded, followed.failure))
}

async function* messages(
  reader: Reader,
  { after, wants }: FollowOptions,
  signal: AbortSignal
): AsyncGenerator<E.Either<Failure, Followed>, void> {
  const isKeyStream = keyStream(reader.category)
  const prefix = streamPrefix(reader.category)
  const streams = followingStreams(reader, { mayRepeat: true })
  const isWanted = (stream: string): boolean => isKeyStream(stream) && wants?.(stream) !== false
  let position = after
  let caughtUp = false
  while (!signal.aborted) {
    let lost: Failure | undefined
    for await (const message of reader.store.subscribe({ after: position, streamPrefix: prefix, signal })) {
      if (E.isLeft(message)) {
        lost = message.left
        break
      }
      const told = message.right
      if (told._tag === 'CaughtUp') {
        // the end is told once, however often the subscription had to begin anew
        if (!caughtUp) yield E.right(told)
        caughtUp = true
        continue
      }
      position = told._tag === 'Event' ? told.event.position : told.position
      const event = told._tag === 'Event' && isWanted(told.event.stream) ? told.event : undefined
      const one =
        event === undefined ? E.right({ _tag: 'Checkpoint' as const, position }) : await judged(streams, event)
      yield one
      if (E.isLeft(one)) return
    }
    if (lost === undefined || signal.aborted) return
    const bad = lost._tag === 'CorruptStream' ? await nextUnreadable(reader, position) : undefined
    if (bad === undefined || bad.position === position) return yield E.left(lost)
    position = bad.position
    const { stream, revision } = bad
    const isOthers: boolean = stream !== undefined && !isWanted(stream)
    if (stream !== undefined && revision !== undefined) streams.passOver({ stream, revision, hash: undefined })
    yield E.right(isOthers ? { _tag: 'Checkpoint', position } : { _tag: 'Unreadable', event: bad })
  }
}

/**
 * Follows the log of a category after a position, exclusive, and decodes what it wants of it. An event that cannot be read
 * is told with its place and does not end it; what names no key is passed over. A `Left` is the last message. Whoever
 * turns away ends it at once, also while it waits.
 */
export const follow = (
  reader: Reader,
  options: FollowOptions
): AsyncIterable<E.Either<Failure, Followed>, void, undefined> => ({
  [Symbol.asyncIterator]: () => {
    const { signal } = options
    const stop = new AbortController()
    const halt = (): void => stop.abort()
    async function* all(): AsyncGenerator<E.Either<Failure, Followed>, void, undefined> {
      if (signal?.aborted) return
      signal?.addEventListener('abort', halt, { once: true })
      try {
        yield* messages(reader, options, stop.signal)
      } finally {
        signal?.removeEventListener('abort', halt)
      }
    }
    const iterator = all()
    return {
      next: () => iterator.next(),
      return: () => {
        // a generator that waits would hear of its end only after its next message
        halt()
        return iterator.return()
      }
    }
  }
})
