import type { Call, OpenStream } from './calls.ts'
import type { Role } from './cluster.ts'
import type { LoggedEvent } from './events.ts'
import type { Faults } from './faults.ts'
import type { Quirks } from './quirks.ts'
import type { KeyPair } from './serve.ts'

/** What the server is like. */
export type StandInOptions = {
  /** A free one unless given. */
  readonly port?: number
  /** The server's clock, in ms: for the times of events, `$maxAge` and the deadlines of batches. */
  readonly now?: () => number
  /** In bytes; 1 MiB unless given. */
  readonly maxAppendSize?: number
  /** The version that the server reports, and behaves as. */
  readonly version?: string
  /** How long it takes until readers see what is written, in ms; a turn of the event loop unless given. */
  readonly indexLagMs?: number
  /** Serves TLS. The certificate must name 127.0.0.1; `caFile`, where given, becomes a part of `url`. */
  readonly tls?: KeyPair & {
    /** The file with the authority’s certificate, as clients are to name it. */
    readonly caFile?: string
  }
  /** Passwords by user name, for TLS; `{ admin: 'changeit' }` unless given. */
  readonly users?: Readonly<Record<string, string>>
  /** The users that may use system streams and `$all`; `['admin']` unless given. */
  readonly admins?: ReadonlyArray<string>
  /** The groups that users are in, by user: what access lists in metadata may name beside users and `$all`. */
  readonly groups?: Readonly<Record<string, ReadonlyArray<string>>>
  /** Whether calls without credentials may use streams under TLS; they may not unless given. */
  readonly anonymous?: boolean
  /** What it does as some versions do and others do not; none of it unless given. */
  readonly quirks?: Quirks
  /** A running stand-in whose log, clock and limits this one shares, as another node of its cluster. */
  readonly joins?: StandIn
}

/** A running server. */
export type StandIn = {
  /** The port that it listens at, on 127.0.0.1. */
  readonly port: number
  /** The connection string for this node alone; under TLS it holds the credentials of the first user. */
  readonly url: string
  /** The connection string that names every node of the cluster, so that clients discover the leader by gossip. */
  readonly clusterUrl: () => string
  /** Every call since the start, oldest first. To forget them, empty it. */
  readonly calls: Call[]
  /** The reads, subscriptions and batch streams that are under way. */
  readonly openStreams: () => ReadonlyArray<OpenStream>
  /** What is to go wrong. */
  readonly faults: Faults
  /** Every event in the log, whatever reads may hide of it. */
  readonly records: () => ReadonlyArray<LoggedEvent>
  /** What the node is in its cluster. */
  readonly role: () => Role
  /** Makes this node the leader of its cluster. */
  readonly lead: () => void
  /** Leaves the cluster without a leader, if this node leads it. */
  readonly resign: () => void
  /** How many connections it has. */
  readonly connections: () => number
  /** Destroys every connection; new ones are served. */
  readonly dropConnections: () => void
  /** Leaves every connection half open: they stand, but nothing passes any more. New ones are served. */
  readonly freezeConnections: () => void
  /** Accepts connections and calls but answers none, until `unmute`; what is under way goes on. */
  readonly mute: () => void
  /** Answers again. Calls that came in between stay unanswered. */
  readonly unmute: () => void
  /**
   * Stops the node as SIGSTOP does its process: connections stand, new ones are accepted, nothing is answered. Others
   * take it for alive until another leads.
   */
  readonly freeze: () => void
  /** Goes on, and serves what came meanwhile. Where another leads by now it is deposed first, for `deposedMs`; 345 ms unless given. */
  readonly thaw: (options?: {
    /** How long it takes itself for the leader still, ms: 345 where it is left out. */
    readonly deposedMs?: number
  }) => void
  /**
   * From now on another is taken to lead, but by this node itself: it serves reads that need the leader, of the log as
   * it is now, and its writes find nobody to take them. It learns of it by `concede`, or by leading again.
   */
  readonly depose: () => void
  /** Learns that another leads, and follows. */
  readonly concede: () => void
  /**
   * Destroys all connections and frees the port; `graceful` cancels every call before, as a server does that shuts
   * down. A leader that stops leaves its cluster without one.
   */
  readonly stop: (options?: {
    /** Whether every call is cancelled before: not where it is left out. */
    readonly graceful?: boolean
  }) => Promise<void>
  /** Stops, unless that is done, and starts on the same port with the same log. */
  readonly restart: () => Promise<void>
}
