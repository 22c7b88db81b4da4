import { performance } from 'node:perf_hooks'
import { startTimer } from '../../node/timer.ts'
import { type Address, isSame, targetOf } from './address.ts'
import type { Channel, ClientInternals, StreamsClient } from './client-internals.ts'
import { type Connection, connectionOf } from './connection.ts'
import { streamsService } from './generated.ts'
import { askNode } from './gossip.ts'
import { leadOf, poll } from './leader.ts'
import { maxNodes, type Nodes, nodeDiscovery } from './node-discovery.ts'
import { sharedRound } from './shared-round.ts'
import { turnAfter } from './turn.ts'
import type { Line, Wire } from './wire.ts'

/** After so long without an answer the other nodes are asked whether another one leads by now. */
const lookMs = 500

/** Calls that end at the same moment as the one that gave a connection up end by their own deadlines first, ms. */
const cutAfterMs = 100

type OwnLine = Line & { readonly address: Address; readonly connection: Connection }

/**
 * The way to the server over a client that the store made itself: the client makes channels, as its connection string
 * says, and this decides to which node, and when a new one is needed.
 */
export const ownWire = (client: ClientInternals, nodes: Nodes): Wire => {
  let current: OwnLine | undefined
  let opening: Promise<OwnLine> | undefined
  let hasMet = false
  let isClosed = false
  let waiting = 0
  let stopLooking: (() => void) | undefined
  let target = ''
  Reflect.set(client, 'resolveUri', async () => target)

  const channelTo = (address: Address): Promise<Channel> => {
    target = targetOf(address)
    return client.createChannel()
  }
  const ask = async (address: Address) =>
    askNode(await channelTo(address), client.callArguments({ requiresLeader: false }), nodes.gossipMs)

  const discovery = nodeDiscovery(nodes, ask, {
    met: () => {
      hasMet = true
    },
    isClosed: () => isClosed
  })
  const connect = async (): Promise<OwnLine> => {
    const address = await discovery.find()
    const channel = await channelTo(address)
    const connection = connectionOf(channel)
    if (isClosed) connection.cut()
    const grpc: StreamsClient = Reflect.construct(streamsService.StreamsClient, [
      null,
      null,
      { channelOverride: channel }
    ])
    return { grpc, address, connection }
  }

  /** Leaves a line, if it is the one in use: the next call opens another, to the leader where one was told. */
  const leave = (line: Line, leader: Address | undefined): boolean => {
    if (line !== current) return false
    current = undefined
    opening = undefined
    discovery.turnTo(leader)
    return true
  }
  /** Connections that were left, and are about to be cut. */
  const left = new Set<Connection>()
  const cutSoon = (connection: Connection): void => {
    left.add(connection)
    const leftAt = performance.now()
    startTimer(cutAfterMs, () => {
      left.delete(connection)
      // what is under way on it goes on where something was heard since
      if (connection.silentMs() < performance.now() - leftAt) connection.close()
      else connection.cut()
    })
  }
  const look = async (): Promise<void> => {
    const line = current
    if (line === undefined || line.connection.silentMs() < lookMs) return
    const others = discovery.known().filter((address) => !isSame(address, line.address))
    const { leader } = await poll(others, ask)
    if (leader === undefined || isSame(leader, line.address) || line.connection.silentMs() < lookMs) return
    if (leave(line, leader)) line.connection.cut()
  }
  const keepLooking = (): void => {
    stopLooking = startTimer(lookMs, async () => {
      await look()
      stopLooking = undefined
      if (waiting > 0 && !isClosed) keepLooking()
    })
  }

  const open = (): Promise<OwnLine> => {
    if (opening === undefined) {
      const begun = connect()
      opening = begun
      begun.then(
        (line) => {
          if (opening === begun) current = line
        },
        () => {
          if (opening === begun) opening = undefined
        }
      )
    }
    return opening
  }

  const toLeader = async (): Promise<boolean> => {
    const line = await open()
    for (const voters of nodes.isCluster ? [discovery.known(), nodes.seeds] : [[line.address]]) {
      const leader = await leadOf(voters.slice(0, maxNodes), ask)
      if (leader === undefined || (leader === 'alone' && discovery.hasOthers())) continue
      // another call may have left the line meanwhile, to who knows where
      if (leader === 'alone' || isSame(leader, line.address)) return line === current
      if (!leave(line, leader)) return false
      line.connection.close()
      return true
    }
    return false
  }

  return {
    open,
    toLeader: sharedRound(toLeader),
    args: client.callArguments,
    hasMet: () => hasMet,
    heard: ({ connection }) => {
      hasMet = true
      connection.heard()
    },
    failed: (line, cause) => {
      const turn = turnAfter(cause)
      if (turn !== undefined && leave(line, turn.leader)) line.connection.close()
    },
    notAnswered: (forMs) => {
      const line = current
      if (line === undefined || line.connection.silentMs() < forMs / 2) return
      if (leave(line, undefined)) cutSoon(line.connection)
    },
    waiting: () => {
      waiting++
      if (nodes.isCluster && stopLooking === undefined && !isClosed) keepLooking()
      return () => {
        waiting--
      }
    },
    close: () => {
      isClosed = true
      stopLooking?.()
      for (const connection of left) connection.cut()
      current?.connection.cut()
    }
  }
}
