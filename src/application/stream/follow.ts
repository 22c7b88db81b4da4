import * as E from 'fp-ts/Either'
import type { Failure } from '../../domain/failure.ts'
import { keyStream, streamPrefix } from '../../domain/identity.ts'
import type { EventStore, Position, RecordedEvent, UnreadableEvent } from '../ports/event-store.ts'
import type { Settings } from '../settings.ts'
import { type DecodedEvent, decodeRecorded } from './event-text.ts'

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

type Reader = Pick<Settings, 'sha256' | 'category'> & { readonly store: Pick<EventStore, 'readAll' | 'subscribe'> }

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

/** What is told of an event that was read. */
export const messageOf = (
  sha256: Settings['sha256'],
  recorded: RecordedEvent
): Extract<Followed, { readonly _tag: 'Event' | 'Unreadable' }> => {
  const decoded = decodeRecorded(sha256)(recorded)
  if (E.isRight(decoded)) return { _tag: 'Event', decoded: decoded.right }
  const { stream, revision, position } = recorded
  return { _tag: 'Unreadable', event: { stream, revision, position, error: decoded.left } }
}

async function* messages(
  reader: Reader,
  { after, wants }: FollowOptions,
  signal: AbortSignal
): AsyncGenerator<E.Either<Failure, Followed>, void> {
  const isKeyStream = keyStream(reader.category)
  const streams = streamPrefix(reader.category)
  const isWanted = (stream: string): boolean => isKeyStream(stream) && wants?.(stream) !== false
  let position = after
  let caughtUp = false
  while (!signal.aborted) {
    let lost: Failure | undefined
    for await (const message of reader.store.subscribe({ after: position, streamPrefix: streams, signal })) {
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
      yield E.right(event === undefined ? { _tag: 'Checkpoint', position } : messageOf(reader.sha256, event))
    }
    if (lost === undefined || signal.aborted) return
    const bad = lost._tag === 'CorruptStream' ? await nextUnreadable(reader, position) : undefined
    if (bad === undefined || bad.position === position) return yield E.left(lost)
    position = bad.position
    const isOthers: boolean = bad.stream !== undefined && !isWanted(bad.stream)
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
