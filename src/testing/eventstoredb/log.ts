import { type LoggedEvent, type ProposedEvent, tombstone } from './events.ts'
import { type IdCache, idCache, type Written } from './id-cache.ts'
import {
  isMetastream,
  metadataIn,
  metadataOfMetadata,
  metastreamOf,
  noMetadata,
  originalOf,
  type StreamMetadata
} from './stream-metadata.ts'

/** The log that the nodes of a cluster share, and what reads of one stream need. */
export type Log = {
  readonly now: () => number
  readonly records: ReadonlyArray<LoggedEvent>
  /** The position that the next event will have. */
  readonly end: () => bigint
  /** The events of a stream by number; a tombstone, if there is one, comes last. */
  readonly eventsOf: (stream: string) => ReadonlyArray<LoggedEvent>
  /** The number of the last event: -1 where there is none, `tombstone` where the stream is gone for good. */
  readonly lastOf: (stream: string) => bigint
  readonly metadataOf: (stream: string) => StreamMetadata
  readonly isSoftDeleted: (stream: string) => boolean
  readonly findId: (id: string) => Written | undefined
  /** As a restart or a change of leader does. */
  readonly forgetIds: () => void
  /** Writes without any check, and tells nobody yet. */
  readonly write: (stream: string, event: ProposedEvent, revision?: bigint) => LoggedEvent
  readonly tellOfCommit: () => void
  readonly onCommit: (listener: () => void) => () => void
}

type Stream = { readonly events: LoggedEvent[]; metadata: StreamMetadata }

const none: ReadonlyArray<LoggedEvent> = []

/** What a record takes beside its data: positions are byte offsets of a log that does not exist. */
const overhead = 100n

export const openLog = (now: () => number): Log => {
  const records: LoggedEvent[] = []
  const streams = new Map<string, Stream>()
  const ids: IdCache = idCache()
  const listeners = new Set<() => void>()
  let end = 0n

  const open = (name: string): Stream => {
    const known = streams.get(name)
    if (known !== undefined) return known
    const stream: Stream = { events: [], metadata: isMetastream(name) ? metadataOfMetadata : noMetadata }
    streams.set(name, stream)
    return stream
  }

  const lastOf = (name: string): bigint => {
    // a tombstone takes the metadata stream with it
    if (isMetastream(name) && lastOf(originalOf(name)) === tombstone) return tombstone
    return streams.get(name)?.events.at(-1)?.revision ?? -1n
  }

  const metadataOf = (name: string): StreamMetadata => streams.get(name)?.metadata ?? noMetadata

  return {
    now,
    records,
    end: () => end,
    eventsOf: (name) => streams.get(name)?.events ?? none,
    lastOf,
    metadataOf,
    isSoftDeleted: (name) => metadataOf(name).truncateBefore === tombstone,
    findId: ids.find,
    forgetIds: ids.clear,
    write: (name, event, revision) => {
      const stream = open(name)
      const logged: LoggedEvent = {
        ...event,
        stream: name,
        revision: revision ?? BigInt(stream.events.length),
        position: end,
        created: now()
      }
      end += overhead + BigInt(event.data.length + event.metadata.length)
      stream.events.push(logged)
      records.push(logged)
      ids.add(event.id, logged)
      if (isMetastream(name)) open(originalOf(name)).metadata = metadataIn(logged)
      return logged
    },
    tellOfCommit: () => {
      for (const listener of listeners) listener()
    },
    onCommit: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
  }
}

export const hasMetastream = (log: Log, stream: string): boolean => log.eventsOf(metastreamOf(stream)).length > 0
