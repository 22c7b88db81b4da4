import { nextTurn, startTimer } from '../../adapters/node/timer.ts'
import type { LoggedEvent, ProposedEvent } from './events.ts'
import { type IdCache, idCache, type Written } from './id-cache.ts'
import { type Horizon, type LogView, viewOf } from './log-view.ts'
import { recordSize } from './record-size.ts'
import { epochEvent, epochRecordSize, epochStream, scavengesMetadata, scavengesMetastream } from './system-records.ts'

/** The log that the nodes of a cluster share. What is written is read by nobody before it is indexed. */
export type Log = {
  /** All that is written: what decides about the next write. */
  readonly written: LogView
  /** All that is indexed: what readers see. */
  readonly indexed: LogView
  /** The log as readers see it now, whatever comes. */
  readonly asItIs: () => LogView
  /** Every event of clients, and those that the server wrote because of them. */
  readonly records: ReadonlyArray<LoggedEvent>
  readonly findId: (id: string) => Written | undefined
  /** As a restart or a change of leader does. */
  readonly forgetIds: () => void
  /** Writes without any check. */
  readonly write: (stream: string, event: ProposedEvent, revision?: bigint) => LoggedEvent
  /** A record without an event, which an append without events is; its position. */
  readonly writeNothing: (stream: string) => bigint
  /** What the server writes as a leader takes office. */
  readonly beginEpoch: () => void
  /** Has what is written so far indexed; resolves once it is. */
  readonly settle: () => Promise<void>
  readonly onIndexed: (listener: () => void) => () => void
}

const noEvent = { type: '', data: [], metadata: [] }

/** Indexes after `indexLagMs`, and never before the turn of the event loop is over in which something was written. */
export const openLog = (now: () => number, indexLagMs: number): Log => {
  const events: LoggedEvent[] = []
  const records: LoggedEvent[] = []
  const streams = new Map<string, LoggedEvent[]>()
  const unseen: bigint[] = []
  const ids: IdCache = idCache()
  const listeners = new Set<() => void>()
  let end = 0n
  let horizon: Horizon = { end, count: 0 }
  let turn: Promise<void> | undefined

  const store = { now, events, streams, unseen }
  const sofar = (): Horizon => ({ end, count: events.length })

  const place = (size: bigint): bigint => {
    const position = end
    end += size
    return position
  }

  const add = (name: string, event: ProposedEvent, revision?: bigint): LoggedEvent => {
    const stream = streams.get(name) ?? []
    streams.set(name, stream)
    const logged: LoggedEvent = {
      ...event,
      stream: name,
      revision: revision ?? BigInt(stream.length),
      position: place(recordSize(name, event)),
      created: now()
    }
    stream.push(logged)
    events.push(logged)
    ids.add(event.id, logged)
    return logged
  }

  const index = (seen: Horizon): void => {
    if (seen.end <= horizon.end) return
    horizon = seen
    for (const listener of listeners) listener()
  }

  const afterThisTurn = async (): Promise<void> => {
    await nextTurn()
    turn = undefined
    index(sofar())
  }

  const afterTheLag = (seen: Horizon): Promise<void> =>
    new Promise((resolve) => {
      startTimer(indexLagMs, () => {
        index(seen)
        resolve()
      })
    })

  return {
    written: viewOf(store, sofar),
    indexed: viewOf(store, () => horizon),
    asItIs: () => {
      const seen = horizon
      return viewOf(store, () => seen)
    },
    records,
    findId: ids.find,
    forgetIds: ids.clear,
    write: (name, event, revision) => {
      const logged = add(name, event, revision)
      records.push(logged)
      return logged
    },
    writeNothing: (name) => {
      const position = place(recordSize(name, noEvent))
      unseen.push(position)
      return position
    },
    beginEpoch: () => {
      const isFirst = end === 0n
      const number = streams.get(epochStream)?.length ?? 0
      const position = place(epochRecordSize)
      unseen.push(position)
      add(epochStream, epochEvent(position, number, now()))
      if (isFirst) add(scavengesMetastream, scavengesMetadata())
      index(sofar())
    },
    settle: () => {
      if (horizon.end === end) return Promise.resolve()
      if (indexLagMs > 0) return afterTheLag(sofar())
      turn ??= afterThisTurn()
      return turn
    },
    onIndexed: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
  }
}
