import type { Expected } from './check-commit.ts'

/** A revision or a position to read from. */
export type From = 'start' | 'end' | bigint

/**
 * A kind of call. `batchAppend` is one append inside a batch stream and `openBatch` the RPC that opened the stream;
 * `read` and `subscribe` are both the RPC Streams.Read.
 */
export type Rpc =
  | 'features'
  | 'gossip'
  | 'append'
  | 'openBatch'
  | 'batchAppend'
  | 'read'
  | 'subscribe'
  | 'delete'
  | 'tombstone'

/** A call as it arrived, whatever became of it. */
export type Call = {
  /** The kind of the call. */
  readonly rpc: Rpc
  /** The how-manieth of its kind at this node, from 1. */
  readonly nth: number
  /** By the clock of the stand-in, in ms. */
  readonly at: number
  /** Its stream; `$all` for reads of the whole log. */
  readonly stream?: string
  /** The revision that a write expects its stream to have. */
  readonly expected?: Expected
  /** Where a read or subscription begins: a revision, or the commit position in the whole log. */
  readonly from?: From
  /** The types of the events that an append carries. */
  readonly eventTypes: ReadonlyArray<string>
  /** Whether it asks for the leader. */
  readonly requiresLeader: boolean
  /** The user whose credentials came with it, right or wrong. A client sends none without TLS. */
  readonly user?: string
  /** The name that the client gave its connection. */
  readonly connectionName?: string
}

/** A read, subscription or batch stream that is under way, and how many events the server has written to it. */
export type OpenStream = {
  /** The call that opened it. */
  readonly call: Call
  /** How many events the server has written to it. */
  readonly events: number
}

/** What is known of a call beside its headers. */
export type CallSubject = Pick<Call, 'rpc' | 'stream' | 'expected' | 'from'> & Partial<Pick<Call, 'eventTypes'>>
