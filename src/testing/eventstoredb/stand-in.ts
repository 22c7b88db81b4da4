import { startTimer } from '../../adapters/node/timer.ts'
import type { Access } from './access.ts'
import type { Call, OpenStream, Rpc } from './calls.ts'
import { addMember, type Cluster, newCluster, type Role, roleOf, setLeader } from './cluster.ts'
import type { LoggedEvent } from './events.ts'
import { type Faults, faultScripts } from './faults.ts'
import { type Listener, listen } from './listener.ts'
import type { LogView } from './log-view.ts'
import type { Node } from './node.ts'
import type { Quirks } from './quirks.ts'
import { type KeyPair, serve } from './serve.ts'
import { behaviourOf } from './versions.ts'

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
  readonly tls?: KeyPair & { readonly caFile?: string }
  /** Passwords by user name, for TLS; `{ admin: 'changeit' }` unless given. */
  readonly users?: Readonly<Record<string, string>>
  /** The users that may use system streams and `$all`; `['admin']` unless given. */
  readonly admins?: ReadonlyArray<string>
  /** Whether calls without credentials may use streams under TLS; they may not unless given. */
  readonly anonymous?: boolean
  readonly quirks?: Quirks
  /** A running stand-in whose log, clock and limits this one shares, as another node of its cluster. */
  readonly joins?: StandIn
}

/** A running server. */
export type StandIn = {
  readonly port: number
  /** The connection string for this node alone; under TLS it holds the credentials of the first user. */
  readonly url: string
  /** The connection string that names every node of the cluster, so that clients discover the leader by gossip. */
  readonly clusterUrl: () => string
  /** Every call since the start, oldest first. To forget them, empty it. */
  readonly calls: Call[]
  /** The reads, subscriptions and batch streams that are under way. */
  readonly openStreams: () => ReadonlyArray<OpenStream>
  readonly faults: Faults
  /** Every event in the log, whatever reads may hide of it. */
  readonly records: () => ReadonlyArray<LoggedEvent>
  readonly role: () => Role
  /** Makes this node the leader of its cluster. */
  readonly lead: () => void
  /** Leaves the cluster without a leader, if this node leads it. */
  readonly resign: () => void
  readonly connections: () => number
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
  readonly thaw: (options?: { readonly deposedMs?: number }) => void
  /**
   * From now on another is taken to lead, but by this node itself: it serves reads that need the leader, of the log as
   * it is now, and its writes find nobody to take them. It learns of it by `concede`, or by leading again.
   */
  readonly depose: () => void
  readonly concede: () => void
  /**
   * Destroys all connections and frees the port; `graceful` cancels every call before, as a server does that shuts
   * down. A leader that stops leaves its cluster without one.
   */
  readonly stop: (options?: { readonly graceful?: boolean }) => Promise<void>
  /** Stops, unless that is done, and starts on the same port with the same log. */
  readonly restart: () => Promise<void>
}

const host = '127.0.0.1'
/** How long a server that shuts down waits for its connections to end. In ms. */
const graceMs = 1000
const clusters = new WeakMap<StandIn, Cluster>()

/** For so long a leader of a real cluster showed an old log after it was thawed. In ms. */
const usualDeposedMs = 345

const clusterOf = ({ joins, now = Date.now, maxAppendSize = 1024 * 1024, indexLagMs = 0 }: StandInOptions): Cluster =>
  (joins && clusters.get(joins)) ?? newCluster(now, maxAppendSize, indexLagMs)

const accessOf = ({ tls, users = { admin: 'changeit' }, admins = ['admin'], anonymous = false }: StandInOptions) =>
  tls && ({ users, admins, anonymous } satisfies Access)

const urlOf = (nodes: string, { tls }: StandInOptions, access: Access | undefined): string => {
  if (tls === undefined) return `esdb://${nodes}?tls=false`
  const [user] = Object.entries(access?.users ?? {})
  const credentials = user === undefined ? '' : `${user.map(encodeURIComponent).join(':')}@`
  const ca = tls.caFile === undefined ? '' : `&tlsCAFile=${encodeURIComponent(tls.caFile)}`
  return `esdb://${credentials}${nodes}?tls=true${ca}`
}

/** Numbers calls by their kind, and keeps them. */
const recorder = (now: () => number): { readonly calls: Call[]; readonly record: Node['record'] } => {
  const calls: Call[] = []
  const counts = new Map<Rpc, number>()
  return {
    calls,
    record: (call) => {
      const nth = (counts.get(call.rpc) ?? 0) + 1
      counts.set(call.rpc, nth)
      const recorded = { ...call, nth, at: now() }
      calls.push(recorded)
      return recorded
    }
  }
}

/** Timers that are all cancelled at once. */
const timers = (): { readonly later: Node['later']; readonly cancelAll: () => void } => {
  const running = new Set<() => void>()
  return {
    later: (ms, run) => {
      const callOff = startTimer(ms, () => {
        running.delete(callOff)
        run()
      })
      running.add(callOff)
      return {
        cancel: () => {
          callOff()
          running.delete(callOff)
        }
      }
    },
    cancelAll: () => {
      for (const callOff of running) callOff()
      running.clear()
    }
  }
}

/** Starts a server that speaks EventStoreDB's protocol from this process, over a log in memory. */
export const startStandIn = async (options: StandInOptions = {}): Promise<StandIn> => {
  const cluster = clusterOf(options)
  const access = accessOf(options)
  const self = addMember(cluster, host)
  const { calls, record } = recorder(cluster.log.indexed.now)
  const { faults, plan } = faultScripts()
  const { later, cancelAll } = timers()
  let running: { readonly listener: Listener; readonly close: (graceful: boolean) => Promise<void> } | undefined
  const openStreams = new Map<Call, () => number>()
  let isMuted = false
  let frozenWith: LogView | undefined
  const version = options.version ?? '24.10.4'

  const node: Node = {
    cluster,
    self,
    version,
    behaviour: behaviourOf(version),
    access,
    quirks: options.quirks ?? {},
    record,
    open: (call, events) => {
      openStreams.set(call, events)
      return () => openStreams.delete(call)
    },
    plan: (call) => (isMuted ? [{ do: 'hang' }] : plan(call)),
    later,
    drop: (peer) => running?.listener.drop(peer),
    freeze: (peer) => running?.listener.freeze(peer)
  }

  const start = async (port: number): Promise<void> => {
    const server = serve(node, options.tls)
    const listener = await listen(host, port, server.take)
    if (isMuted) listener.mute()
    self.address = { host, port: listener.port }
    self.alive = true
    if (cluster.leader === undefined) setLeader(cluster, self)
    running = {
      listener,
      close: async (graceful) => {
        cancelAll()
        if (graceful) {
          server.cancelCalls()
          // the last answers must be on their way before the connections are cut
          await Promise.race([listener.drain(), new Promise<void>((resolve) => void startTimer(graceMs, resolve))])
        }
        await listener.close()
        server.close()
        openStreams.clear()
      }
    }
  }

  const resign = (): void => {
    if (cluster.leader === self) setLeader(cluster, undefined)
  }

  const stop: StandIn['stop'] = async ({ graceful = false } = {}) => {
    const stopping = running
    running = undefined
    self.alive = false
    self.isFrozen = false
    self.deposedWith = undefined
    resign()
    await stopping?.close(graceful)
  }

  const deposedWith = (log: LogView): void => {
    resign()
    self.deposedWith = log
  }

  const concede = (): void => {
    self.deposedWith = undefined
  }

  const thaw: StandIn['thaw'] = ({ deposedMs = usualDeposedMs } = {}) => {
    self.isFrozen = false
    if (frozenWith !== undefined && cluster.leader !== self) {
      deposedWith(frozenWith)
      later(deposedMs, concede)
    }
    frozenWith = undefined
    running?.listener.resume()
  }

  await start(options.port ?? 0)
  const standIn: StandIn = {
    port: self.address.port,
    url: urlOf(`${host}:${self.address.port}`, options, access),
    clusterUrl: () => {
      const nodes = cluster.members.map(({ address }) => `${address.host}:${address.port}`)
      return urlOf(nodes.join(','), options, access)
    },
    calls,
    openStreams: () => Array.from(openStreams, ([call, events]) => ({ call, events: events() })),
    faults,
    records: () => cluster.log.records,
    role: () => roleOf(cluster, self),
    lead: () => setLeader(cluster, self),
    resign,
    connections: () => running?.listener.connections() ?? 0,
    dropConnections: () => running?.listener.dropAll(),
    freezeConnections: () => running?.listener.freezeAll(),
    mute: () => {
      isMuted = true
      running?.listener.mute()
    },
    unmute: () => {
      isMuted = false
      running?.listener.unmute()
    },
    freeze: () => {
      self.isFrozen = true
      frozenWith = cluster.leader === self ? cluster.log.asItIs() : undefined
      running?.listener.halt()
    },
    thaw,
    depose: () => deposedWith(cluster.log.asItIs()),
    concede,
    stop,
    restart: async () => {
      await stop()
      await start(self.address.port)
    }
  }
  clusters.set(standIn, cluster)
  return standIn
}
