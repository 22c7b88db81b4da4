import { constVoid } from 'fp-ts/function'
import type { ClientInternals, StreamsClient } from './client-internals.ts'
import { connectionOf } from './connection.ts'
import { streamsService } from './generated.ts'
import { guardGossip } from './guard-gossip.ts'
import { turnAfter } from './turn.ts'
import type { Line, Wire } from './wire.ts'

/** What makes the client open a new channel for its next call: the status of a server that went away. */
const gone = (): Error =>
  Object.assign(new Error('nothing was heard on this channel'), {
    code: 14,
    details: 'nothing was heard on this channel'
  })

/**
 * The way to the server over a client that somebody else made, and uses too: which node is called, and when another
 * channel is needed, stays its own decision, and its connection is cut only where nobody ever answered on it.
 */
export const borrowedWire = (client: ClientInternals): Wire => {
  guardGossip()
  const lines = new WeakMap<StreamsClient, Line>()
  let latest: Line | undefined
  let hasMet = false

  /** The client looks for another node after a failure, and drops the promise of that. */
  const tell = ({ grpc }: Line, cause: unknown): void => {
    client.handleError(grpc, cause).catch(constVoid)
  }
  return {
    open: async () => {
      const grpc = await client.getGRPCClient(streamsService.StreamsClient, 'keyfold')
      const line = lines.get(grpc) ?? { grpc, connection: connectionOf(grpc.getChannel()) }
      lines.set(grpc, line)
      latest = line
      return line
    },
    args: client.callArguments,
    hasMet: () => hasMet,
    heard: ({ connection }) => {
      hasMet = true
      connection.heard()
    },
    failed: (line, cause) => {
      const turn = turnAfter(cause)
      // the client reads the leader from the trailers, and throws where they are not there
      if (turn !== undefined) tell(line, turn.leader === undefined ? gone() : cause)
    },
    notAnswered: (forMs) => {
      if (latest === undefined || latest.connection.silentMs() < forMs / 2) return
      tell(latest, gone())
      if (!latest.connection.isReady()) latest.connection.cut()
    },
    waiting: () => constVoid,
    close: constVoid
  }
}
