import * as E from 'fp-ts/Either'
import type { LedgerEvent } from '../../domain/events/ledger-event.ts'
import type { Failure } from '../../domain/failure.ts'
import type { Tenant } from '../../domain/tenant.ts'
import type { RecordedEvent } from '../ports/event-store.ts'
import type { Settings } from '../settings.ts'
import { corrupt, type DecodedEvent, decodeRecorded, hashIn } from './event-text.ts'
import { mayBegin } from './may-begin.ts'
import { recent } from './recent.ts'

/** What all events of a key share, and only those that begin a record say. */
export type KeyIdentity = { readonly tenant: Tenant; readonly operation: string }

/** What became of one more event: it follows on what was before it; its stream is broken; or the store could not tell. */
export type Followed =
  | { readonly _tag: 'Follows'; readonly decoded: DecodedEvent }
  | { readonly _tag: 'Broken'; readonly failure: Failure }
  | { readonly _tag: 'Failed'; readonly failure: Failure }

/** How many streams are remembered; of any other the store is asked again. */
const mostStreams = 50_000

/** Where a stream is, and whose it is where that was seen. */
type Place = { readonly revision: bigint; readonly hash: string; readonly key: KeyIdentity | undefined }

const identityIn = (event: LedgerEvent): KeyIdentity | undefined => {
  switch (event.type) {
    case 'Reserved':
      return { tenant: event.data.tenant, operation: event.data.operation }
    case 'Imported':
      return { tenant: event.data.record.tenant, operation: event.data.record.operation }
    default:
      return undefined
  }
}

const broken = (failure: Failure): Followed => ({ _tag: 'Broken', failure })

const notFollowing = (recorded: RecordedEvent): Followed =>
  broken(corrupt(recorded, 'it does not follow on the event before it'))

/** Whose fault it is that an event before could not be read: that event's, or the store's. */
const unread = (failure: Failure): Followed =>
  failure._tag === 'CorruptStream' || failure._tag === 'UnsupportedVersion'
    ? broken(failure)
    : { _tag: 'Failed', failure }

/**
 * Follows many streams event by event as they lie in the log, in bounded memory: each event is decoded, and checked against
 * the one before it, which the store is asked for where it is not remembered.
 */
export const followingStreams = ({ store, sha256 }: Pick<Settings, 'store' | 'sha256'>, most = mostStreams) => {
  const places = recent<Place>(most * 2)
  const decode = decodeRecorded(sha256)

  /** Whether an event follows on what the store holds before it. */
  const followsInStore = async ({ recorded, metadata }: DecodedEvent): Promise<Followed | undefined> => {
    const read = await store.readStream(recorded.stream, 'backwards', recorded.revision - 1n, 1)()
    if (E.isLeft(read)) return unread(read.left)
    const [before] = read.right
    // what was deleted meanwhile cannot be asked for any more
    if (before === undefined && store.continuesAfterDelete === true) return undefined
    return before?.revision === recorded.revision - 1n && hashIn(before) === metadata.previousHash
      ? undefined
      : notFollowing(recorded)
  }

  const faultOf = async (decoded: DecodedEvent, place: Place | undefined): Promise<Followed | undefined> => {
    const { recorded, metadata } = decoded
    if (place !== undefined) {
      if (recorded.revision === place.revision + 1n && metadata.previousHash === place.hash) return undefined
      // a stream that was deleted begins anew, with what was there before it still in the log
      return recorded.revision > place.revision && mayBegin({ sha256, store }, decoded)
        ? undefined
        : notFollowing(recorded)
    }
    if (mayBegin({ sha256, store }, decoded)) return undefined
    return recorded.revision === 0n ? notFollowing(recorded) : followsInStore(decoded)
  }

  return {
    follow: async (recorded: RecordedEvent): Promise<Followed> => {
      const decoded = decode(recorded)
      if (E.isLeft(decoded)) return broken(decoded.left)
      const place = places.get(recorded.stream)
      const fault = await faultOf(decoded.right, place)
      if (fault !== undefined) return fault
      const key = identityIn(decoded.right.event) ?? place?.key
      places.set(recorded.stream, { revision: recorded.revision, hash: decoded.right.metadata.hash, key }, 1)
      return { _tag: 'Follows', decoded: decoded.right }
    },
    /** Whose a stream is that was followed; undefined where its beginning is gone. */
    keyOf: async (stream: string): Promise<E.Either<Failure, KeyIdentity | undefined>> => {
      const place = places.get(stream)
      if (place?.key !== undefined) return E.right(place.key)
      const read = await store.readStream(stream, 'forwards', 'start', 1)()
      if (E.isLeft(read)) return read
      const [first] = read.right
      const decoded = first && decode(first)
      const key = decoded && E.isRight(decoded) ? identityIn(decoded.right.event) : undefined
      if (place !== undefined && key !== undefined) places.set(stream, { ...place, key }, 1)
      return E.right(key)
    }
  }
}
