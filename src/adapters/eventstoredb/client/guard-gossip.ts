import type { GossipClient } from '@eventstore/db-client/generated/gossip_grpc_pb.js'
import { connectionOf } from './connection.ts'
import { gossipService } from './generated.ts'

type Done = (error: unknown, info?: unknown) => void
type Read = (this: GossipClient, ...args: ReadonlyArray<unknown>) => unknown

/** The stub is one for all clients of the process. */
let stubIsGuarded = false

/**
 * A client that looks for the leader of its cluster reads the gossip inside a callback of gRPC's: a member without an id
 * throws there, and that ends the process. There is no way in but the stub that every client asks through, so that one
 * is made to hand back such an answer as an error, once, for all of them.
 */
export const guardGossip = (): void => {
  if (stubIsGuarded) return
  stubIsGuarded = true
  const stub: { read: Read } = gossipService.GossipClient.prototype as never
  const read = stub.read
  stub.read = function (...args) {
    // its channel goes to an IP address as often as any other
    connectionOf(this.getChannel())
    const done = args.at(-1) as Done
    const guarded: Done = (error, info) => {
      try {
        done(error, info)
      } catch (cause) {
        done(cause)
      }
    }
    return read.call(this, ...args.slice(0, -1), guarded)
  }
}
