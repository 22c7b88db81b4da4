import { EventStoreDBClient } from '@eventstore/db-client'
import type { StreamsClient as Streams } from '@eventstore/db-client/generated/streams_grpc_pb.js'

export type Channel = {
  readonly close: () => void
  /** 0 idle, 1 connecting, 2 ready, 3 in trouble, 4 closed. */
  readonly getConnectivityState: (tryToConnect: boolean) => number
}

/** A gRPC stub of the vendor's: one per channel. */
export type StreamsClient = Pick<Streams, 'append' | 'read'> & { readonly getChannel: () => Channel }

/** A call whose answers come as a stream. */
export type ReadCall = ReturnType<Streams['read']>

/** What goes with a call. */
export type CallOptions = {
  readonly credentials?: {
    /** The name of the user. */
    readonly username: string
    /** The user’s password. */
    readonly password: string
  }
  readonly requiresLeader?: boolean
  /** ms. */
  readonly deadline?: number
}

type AppendParameters = Parameters<Streams['append']>
export type CallArguments = readonly [metadata: AppendParameters[0], options: AppendParameters[1]]

/** The client's own internals, protected in its types. */
export type ClientInternals = {
  readonly getGRPCClient: (kind: unknown, name: string) => Promise<StreamsClient>
  /** A new channel to where `resolveUri` says, which it asks at once; nothing is sent over it yet. */
  readonly createChannel: () => Promise<Channel>
  readonly callArguments: (options: CallOptions, fixed?: { readonly deadline: number }) => CallArguments
  readonly handleError: (grpc: StreamsClient, cause: unknown) => Promise<void>
}

/**
 * Whether a client is of the very package that keyfold loads, and has the internals of 6.2.1, the last release there
 * will be. Messages of one copy of the package are refused by another.
 */
export const hasClientInternals = (client: object): client is ClientInternals =>
  client instanceof EventStoreDBClient &&
  ['getGRPCClient', 'createChannel', 'callArguments', 'handleError'].every(
    (name) => typeof Reflect.get(client, name) === 'function'
  )
