import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../domain/failure.ts'
import { keyStream, recordIdIn } from '../../domain/identity.ts'
import type { RecordedEvent, UnreadableEvent } from '../ports/event-store.ts'
import type { Settings } from '../settings.ts'
import type { DecodedEvent } from './event-text.ts'
import { type Fault, followingStreams, unread } from './following-streams.ts'
import { type KeyIdentity, keyIdentities } from './key-identity.ts'
import { gaveUp, inAll, type ScanListeners, type UnreadableStream } from './scan.ts'
import { walkLog } from './walk-log.ts'

/** So many streams that cannot be read, or are not ours, are told once each; any beyond may be told again. */
const maxKnown = 10_000

/** So many events are decoded at a time: a page of the log may hold many that are large. */
const mostAtOnce = 250

/** An event that was read and checked, and whose key it is of, where that was asked for. */
export type SeenEvent = DecodedEvent & { readonly key: KeyIdentity | undefined }

/** Takes some events, in the order of the log, and never none; the scan ends with the failure that it gives, if any. */
export type TakeEvents = (events: ReadonlyArray<SeenEvent>) => Promise<Failure | undefined>

/** Each stream once, as far as it is remembered. */
const once = (told: (stream: UnreadableStream) => void) => {
  const known = new Set<string>()
  return {
    has: (stream: string): boolean => known.has(stream),
    tell: (unreadable: UnreadableStream): void => {
      if (known.has(unreadable.stream)) return
      if (known.size < maxKnown) known.add(unreadable.stream)
      told(unreadable)
    }
  }
}

const unreadableOf = (
  { stream, revision }: Pick<RecordedEvent, 'stream' | 'revision'>,
  why: Failure
): UnreadableStream => ({ recordId: recordIdIn(stream), stream, revision, failure: why })

const missedOf = ({ position, stream = `position ${position}`, revision, error }: UnreadableEvent) => ({
  recordId: recordIdIn(stream),
  stream,
  ...(revision !== undefined && { revision }),
  failure: error
})

/**
 * What a store could not read stands among the others of its page: its stream is left out from there on. Where its
 * revision is not known, the next event of its stream does not follow on the one before it.
 */
const afterFirst = (missed: ReadonlyArray<UnreadableEvent>): ((recorded: RecordedEvent) => boolean) => {
  const first = new Map<string, bigint>()
  for (const { stream, revision } of missed) {
    if (stream === undefined || revision === undefined) continue
    const known = first.get(stream)
    if (known === undefined || revision < known) first.set(stream, revision)
  }
  return ({ stream, revision }) => {
    const bad = first.get(stream)
    return bad !== undefined && revision > bad
  }
}

/**
 * Reads the events of all keys once, oldest first, in memory that does not grow with the log: each is checked to follow on
 * the one before it in its stream. What cannot be read is told, and what its stream holds after it is left out; where
 * nobody listens the scan goes on to its end, and fails by the first.
 */
export const scanEvents = async (
  settings: Settings,
  { onUnreadable, onForeign }: ScanListeners,
  withKeys: boolean,
  take: TakeEvents
): Promise<Failure | undefined> => {
  let first: UnreadableStream | undefined
  let count = 0
  const isKeyStream = keyStream(settings.category)
  const { follow } = followingStreams(settings)
  const identities = keyIdentities(settings)
  const unreadable = once((stream) => {
    first ??= stream
    count++
    onUnreadable?.(stream)
  })
  const foreign = once(({ stream }) => onForeign?.(stream))
  const notOurs = (recorded: RecordedEvent): void =>
    foreign.tell(unreadableOf(recorded, failure('NotAStore', 'it is no stream of the ledger')))

  const faultOf = (recorded: RecordedEvent, fault: Fault) => {
    if (fault._tag === 'Failed') return E.left(fault.failure)
    unreadable.tell(unreadableOf(recorded, fault.failure))
    return E.right(undefined)
  }
  const seeing = async (recorded: RecordedEvent): Promise<E.Either<Failure, SeenEvent | undefined>> => {
    const followed = await follow(recorded)
    if (followed._tag !== 'Follows') return faultOf(recorded, followed)
    const { decoded } = followed
    if (!withKeys) return E.right({ ...decoded, key: undefined })
    const known = identities.learn(decoded)
    const key = known === undefined ? await identities.find(recorded.stream) : E.right(known)
    return E.isLeft(key) ? faultOf(recorded, unread(key.left)) : E.right({ ...decoded, key: key.right })
  }

  try {
    await settings.store.confirmCurrent?.()()
    const broken = await walkLog(settings, 'start', async ({ events, unreadable: missed = [] }) => {
      const ours = missed.filter(({ stream }) => stream === undefined || isKeyStream(stream))
      const isAfterMissed = afterFirst(ours)
      let seen: Array<SeenEvent> = []
      for (const recorded of events) {
        if (!isKeyStream(recorded.stream)) notOurs(recorded)
        else if (!unreadable.has(recorded.stream) && !isAfterMissed(recorded)) {
          const one = await seeing(recorded)
          if (E.isLeft(one)) return one.left
          if (one.right !== undefined) seen.push(one.right)
        }
        if (seen.length < mostAtOnce) continue
        const ended = await take(seen)
        if (ended !== undefined) return ended
        seen = []
      }
      // told once the page is through: what its stream holds before it stands
      for (const event of ours) unreadable.tell(missedOf(event))
      return seen.length === 0 ? undefined : take(seen)
    })
    if (broken !== undefined) return broken
    return first !== undefined && onUnreadable === undefined ? inAll(first, count) : undefined
  } catch (cause) {
    return gaveUp(cause)
  }
}
