import { sleep } from '../../adapters/node/timer.ts'
import type { Access } from './access.ts'
import { recorder } from './call-recorder.ts'
import type { Call } from './calls.ts'
import { addMember, type Cluster, newCluster, removeMember, roleOf, setLeader } from './cluster.ts'
import { faultScripts } from './fault-scripts.ts'
import { type Listener, listen } from './listener.ts'
import type { Node } from './node.ts'
import { placeOf } from './place.ts'
import { serve } from './serve.ts'
import type { StandIn, StandInOptions } from './stand-in-api.ts'
import { checkOptions, checkStop, checkThaw } from './stand-in-options.ts'
import { timers } from './timers.ts'
import { behaviourOf } from './versions.ts'

const host = '127.0.0.1'
/** How long a server that shuts down waits for its connections to end. In ms. */
const graceMs = 1000
const clusters = new WeakMap<StandIn, Cluster>()

const clusterOf = ({ joins, now = Date.now, maxAppendSize = 1024 * 1024, indexLagMs = 0 }: StandInOptions): Cluster =>
  (joins && clusters.get(joins)) ?? newCluster(now, maxAppendSize, indexLagMs)

const accessOf = ({
  tls,
  users = { admin: 'changeit' },
  admins = ['admin'],
  groups = {},
  anonymous = false
}: StandInOptions) => tls && ({ users, admins, groups, anonymous } satisfies Access)

const urlOf = (nodes: string, { tls }: StandInOptions, access: Access | undefined): string => {
  if (tls === undefined) return `esdb://${nodes}?tls=false`
  const [user] = Object.entries(access?.users ?? {})
  const credentials = user === undefined ? '' : `${user.map(encodeURIComponent).join(':')}@`
  const ca = tls.caFile === undefined ? '' : `&tlsCAFile=${encodeURIComponent(tls.caFile)}`
  return `esdb://${credentials}${nodes}?tls=true${ca}`
}

/** Starts a server that speaks EventStoreDB's protocol from this process, over a log in memory. */
export const startStandIn = async (options: StandInOptions = {}): Promise<StandIn> => {
  checkOptions(options, (value) => clusters.has(value as StandIn))
  const cluster = clusterOf(options)
  const access = accessOf(options)
  const self = addMember(cluster, host)
  const { calls, record } = recorder(cluster.log.indexed.now)
  const { faults, plan } = faultScripts()
  const { later, cancelAll } = timers()
  let running: { readonly listener: Listener; readonly close: (graceful: boolean) => Promise<void> } | undefined
  const openStreams = new Map<Call, () => number>()
  let isMuted = false
  const place = placeOf(cluster, self, later)
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
    const listener = await listen(host, port, server.take).catch((cause: unknown) => {
      server.close()
      throw cause
    })
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
          await Promise.race([listener.drain(), sleep(graceMs)])
        }
        await listener.close()
        server.close()
        openStreams.clear()
      }
    }
  }

  const stop: StandIn['stop'] = async (how = {}) => {
    checkStop(how)
    const stopping = running
    running = undefined
    place.leave()
    await stopping?.close(how.graceful ?? false)
  }

  await start(options.port ?? 0).catch((cause: unknown) => {
    removeMember(cluster, self)
    throw cause
  })
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
    lead: place.lead,
    resign: place.resign,
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
      if (place.freeze()) running?.listener.halt()
    },
    thaw: (how = {}) => {
      checkThaw(how)
      place.thaw(how.deposedMs)
      running?.listener.resume()
    },
    depose: place.depose,
    concede: place.concede,
    stop,
    restart: async () => {
      await stop()
      await start(self.address.port)
    }
  }
  clusters.set(standIn, cluster)
  return standIn
}
