import type { finished } from 'node:stream'
import { EventStoreDBClient } from '@eventstore/db-client'
import type { StreamsClient as Streams } from '@eventstore/db-client/generated/streams_grpc_pb.js'
import type { Channel } from './channels.ts'

/** A gRPC client of the vendor's: one per channel. */
export type StreamsClient = Pick<Streams, 'append'> & { readonly getChannel: () => Channel }

/** A call whose answers come as a stream; `metadata` is told when the first of them comes. */
export type GrpcStream = Parameters<typeof finished>[0] & {
  readonly once: (event: 'metadata', listener: () => void) => unknown
}

/** What goes with a call. */
export type CallOptions = {
  readonly credentials?: { readonly username: string; readonly password: string }
  readonly requiresLeader: boolean
  /** ms. */
  readonly deadline: number
}

type AppendParameters = Parameters<Streams['append']>
export type CallArguments = readonly [metadata: AppendParameters[0], options: AppendParameters[1]]

/** Makes a call over the client's channel, with the arguments that the client itself would give it. */
export type Call = <A>(
  options: CallOptions,
  action: (grpc: StreamsClient, args: CallArguments) => Promise<A>
) => Promise<A>

/** The client's own machinery, protected in its types, that calls pass through on their way to a channel. */
export type Machinery = {
  readonly getGRPCClient: (kind: unknown, name: string) => Promise<StreamsClient>
  readonly callArguments: (options: CallOptions) => CallArguments
  readonly handleError: (grpc: StreamsClient, cause: unknown) => Promise<void>
  readonly disposableStreams: Set<GrpcStream>
}

/**
 * Whether a client is of the very package that keyfold loads, and has the machinery of 6.2.1, the last release there
 * will be. Messages of one copy of the package are refused by another.
 */
export const hasMachinery = (client: object): client is Machinery =>
  client instanceof EventStoreDBClient &&
  ['getGRPCClient', 'callArguments', 'handleError'].every((name) => typeof Reflect.get(client, name) === 'function') &&
  Reflect.get(client, 'disposableStreams') instanceof Set
