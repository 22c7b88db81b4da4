import { Writable } from 'node:stream'
import type { Client } from './client.ts'

type Channel = { readonly close: () => void }
type Append = (...args: ReadonlyArray<unknown>) => unknown
/** A gRPC client of the vendor's: one per channel. */
type GrpcClient = { readonly append?: Append; readonly getChannel: () => Channel }

/** The client's own machinery, protected in its types, that calls pass through on their way to a channel. */
type Machinery = {
  readonly execute: <A>(kind: unknown, name: string, action: (grpc: GrpcClient) => Promise<A>) => Promise<A>
  readonly GRPCStreamCreator: <A>(
    kind: unknown,
    name: string,
    creator: (grpc: GrpcClient) => A,
    cache?: unknown
  ) => () => Promise<A>
}

const hasMachinery = (client: object): client is Machinery =>
  typeof Reflect.get(client, 'execute') === 'function' && typeof Reflect.get(client, 'GRPCStreamCreator') === 'function'

const deadSink = (): Writable => new Writable({ objectMode: true, write: (_chunk, _encoding, done) => done() })

/**
 * Opens the call of an append such that it cannot throw. A channel that another call's failure has just closed throws
 * inside the client where nobody can catch it: the process gets an unhandled rejection, the caller never an answer.
 */
const safely = (grpc: GrpcClient): GrpcClient => {
  const append: Append = (...args) => {
    try {
      return grpc.append?.(...args)
    } catch (cause) {
      const callback = args.at(-1)
      if (typeof callback === 'function') queueMicrotask(() => callback(cause))
      return deadSink()
    }
  }
  return Object.create(grpc, { append: { value: append } })
}

/** A client that is safe to append through, and the channels that it has opened. */
export type Shielded = { readonly client: Client; readonly closeChannels: () => void }

/**
 * A view of a client that never takes BatchAppend (which has no deadline and one promise map for all clients of the
 * process), whose appends never throw where nobody catches, and that answers a version conflict always
 * in the same way. The client itself is not changed. Tied to 6.2.1, the last release there will be; on any other build
 * of the client the view changes only what it finds.
 */
export const shield = (client: Client): Shielded => {
  const channels = new Set<Channel>()
  const known = (grpc: GrpcClient): GrpcClient => {
    channels.add(grpc.getChannel())
    return grpc
  }
  const view: Client = Object.create(client, {
    supports: { value: async () => false },
    throwOnAppendFailure: { value: true },
    ...(hasMachinery(client) && {
      execute: {
        value: (kind: unknown, name: string, action: (grpc: GrpcClient) => Promise<unknown>) =>
          client.execute(kind, name, (grpc) => action(safely(known(grpc))))
      },
      GRPCStreamCreator: {
        value: (kind: unknown, name: string, creator: (grpc: GrpcClient) => unknown, cache?: unknown) =>
          client.GRPCStreamCreator(kind, name, (grpc) => creator(known(grpc)), cache)
      }
    })
  })
  return {
    client: view,
    closeChannels: () => {
      for (const channel of channels) channel.close()
      channels.clear()
    }
  }
}
