import * as E from 'fp-ts/Either'
import type { Failure } from '../../domain/failure.ts'
import type { EventStore, RecordedEvent } from '../ports/event-store.ts'
import type { Settings } from '../settings.ts'
import { corrupt, type DecodedEvent, decodeRecorded, hashIn } from './event-text.ts'
import { mayBegin } from './may-begin.ts'
import { recent } from './recent.ts'

/** What became of one more event: it follows on what was before it; its stream is broken; or the store could not tell. */
export type Followed = { readonly _tag: 'Follows'; readonly decoded: DecodedEvent } | Fault
export type Fault = { readonly _tag: 'Broken' | 'Failed'; readonly failure: Failure }

/** How many streams are remembered; of any other the store is asked again. */
const mostStreams = 50_000

/** Where a stream is. Of an event that cannot be read there may be no hash to follow on. */
type Place = { readonly revision: bigint; readonly hash: string | undefined }

const broken = (failure: Failure): Fault => ({ _tag: 'Broken', failure })

const notFollowing = (recorded: RecordedEvent): Fault =>
  broken(corrupt(recorded, 'it does not follow on the event before it'))

/** Whose fault it is that something of a stream could not be read: its own, or the store's. */
export const unread = (failure: Failure): Fault =>
  failure._tag === 'CorruptStream' || failure._tag === 'UnsupportedVersion'
    ? broken(failure)
    : { _tag: 'Failed', failure }

type Reader = Pick<Settings, 'sha256'> & { readonly store: Pick<EventStore, 'readStream' | 'continuesAfterDelete'> }

/** How many streams are remembered, and whether events may come again, as a subscription may deliver them. */
export type FollowingOptions = { readonly most?: number; readonly mayRepeat?: boolean }

export type FollowingStreams = {
  readonly follow: (recorded: RecordedEvent) => Promise<Followed>
  /** Goes on after an event that was told of, and did not follow: what comes next is held against that one. */
  readonly passOver: (event: Place & { readonly stream: string }) => void
}

/**
 * Follows many streams event by event as they lie in the log, in bounded memory: each event is decoded, and checked against
 * the one before it, which the store is asked for where it is not remembered.
 */
export const followingStreams = (
  { store, sha256 }: Reader,
  { most = mostStreams, mayRepeat = false }: FollowingOptions = {}
): FollowingStreams => {
  const places = recent<Place>(most * 2)
  const decode = decodeRecorded(sha256)

  /** Whether an event follows on what the store holds before it. */
  const followsInStore = async ({ recorded, metadata }: DecodedEvent): Promise<Fault | undefined> => {
    const read = await store.readStream(recorded.stream, 'backwards', recorded.revision - 1n, 1)()
    if (E.isLeft(read)) return unread(read.left)
    const [before] = read.right
    // what was deleted meanwhile cannot be asked for any more
    if (before === undefined && store.continuesAfterDelete === true) return undefined
    return before?.revision === recorded.revision - 1n && hashIn(before) === metadata.previousHash
      ? undefined
      : notFollowing(recorded)
  }

  const faultOf = async (decoded: DecodedEvent, place: Place | undefined): Promise<Fault | undefined> => {
    const { recorded, metadata } = decoded
    if (place !== undefined && !(mayRepeat && recorded.revision <= place.revision)) {
      const follows = place.hash === undefined || metadata.previousHash === place.hash
      if (recorded.revision === place.revision + 1n && follows) return undefined
      // a stream that was deleted begins anew, with what was there before it still in the log
      return recorded.revision > place.revision && mayBegin({ sha256, store }, decoded)
        ? undefined
        : notFollowing(recorded)
    }
    if (mayBegin({ sha256, store }, decoded)) return undefined
    return recorded.revision === 0n ? notFollowing(recorded) : followsInStore(decoded)
  }

  const follow = async (recorded: RecordedEvent): Promise<Followed> => {
    const decoded = decode(recorded)
    if (E.isLeft(decoded)) return broken(decoded.left)
    const place = places.get(recorded.stream)
    const fault = await faultOf(decoded.right, place)
    if (fault !== undefined) return fault
    if (place === undefined || place.revision < recorded.revision)
      places.set(recorded.stream, { revision: recorded.revision, hash: decoded.right.metadata.hash }, 1)
    return { _tag: 'Follows', decoded: decoded.right }
  }
  return {
    follow,
    passOver: ({ stream, revision, hash }) => places.set(stream, { revision, hash }, 1)
  }
}
