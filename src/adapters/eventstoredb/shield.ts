import { finished, Writable } from 'node:stream'
import { constVoid } from 'fp-ts/function'
import { type Channel, openChannels } from './channels.ts'
import type { Client } from './client.ts'
import { conflictIn } from './to-store-error.ts'

type Append = (...args: ReadonlyArray<unknown>) => unknown
/** A gRPC client of the vendor's: one per channel. */
type GrpcClient = { readonly append?: Append; readonly getChannel: () => Channel }
/** A call whose answers come as a stream; `metadata` is told when the first of them comes. */
type GrpcStream = Parameters<typeof finished>[0] & {
  readonly once: (event: 'metadata', listener: () => void) => unknown
}

/** The client's own machinery, protected in its types, that calls pass through on their way to a channel. */
type Machinery = {
  readonly getGRPCClient: (kind: unknown, name: string) => Promise<GrpcClient>
  readonly handleError: (grpc: GrpcClient, cause: unknown) => Promise<void>
  readonly disposableStreams: Set<GrpcStream>
}

const hasMachinery = (client: object): client is Machinery =>
  typeof Reflect.get(client, 'getGRPCClient') === 'function' &&
  typeof Reflect.get(client, 'handleError') === 'function' &&
  Reflect.get(client, 'disposableStreams') instanceof Set

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

/** What makes the client open a new channel for its next call: the status of a server that went away. */
const gone = (): unknown =>
  Object.assign(new Error('nothing was heard on this channel'), {
    code: 14,
    details: 'nothing was heard on this channel'
  })

/** A client that is safe to call, and its channels. */
export type Shielded = {
  readonly client: Client
  /**
   * Tells that a call was not answered for so long. Where nothing else was heard meanwhile the connection may be half
   * open, which the client notices after twenty seconds at best: the next call gets a new one.
   */
  readonly notAnswered: (forMs: number) => void
  readonly closeChannels: () => void
}

/**
 * A view of a client that never takes BatchAppend (which has no deadline and one promise map for all clients of the
 * process), whose calls never fail where nobody catches (the client looks for another node after a failure, and drops
 * the promise of that), and that answers a version conflict always in the same way. The client itself is not changed.
 * Tied to 6.2.1, the last release there will be; on any other build of the client the view changes only what it finds.
 */
export const shield = (client: Client): Shielded => {
  const channels = openChannels()
  const safe = new WeakMap<GrpcClient, GrpcClient>()
  let latest: GrpcClient | undefined
  const calls = (inner: Machinery) => {
    const open = async (kind: unknown, name: string): Promise<GrpcClient> => {
      latest = await inner.getGRPCClient(kind, name)
      channels.keep(latest.getChannel())
      return latest
    }
    const safeFor = (grpc: GrpcClient): GrpcClient => {
      const there = safe.get(grpc) ?? safely(grpc)
      safe.set(grpc, there)
      return there
    }
    const failed = (grpc: GrpcClient, cause: unknown): void => {
      inner.handleError(grpc, cause).catch(constVoid)
    }
    return {
      execute: async <A>(kind: unknown, name: string, action: (grpc: GrpcClient) => Promise<A>): Promise<A> => {
        const grpc = await open(kind, name)
        try {
          const answer = await action(safeFor(grpc))
          channels.heard(grpc.getChannel())
          return answer
        } catch (cause) {
          if (conflictIn(cause) !== undefined) channels.heard(grpc.getChannel())
          failed(grpc, cause)
          throw cause
        }
      },
      GRPCStreamCreator:
        (kind: unknown, name: string, create: (grpc: GrpcClient) => GrpcStream) => async (): Promise<GrpcStream> => {
          const grpc = await open(kind, name)
          const stream = create(grpc)
          stream.once('metadata', () => channels.heard(grpc.getChannel()))
          inner.disposableStreams.add(stream)
          finished(stream, (cause) => {
            inner.disposableStreams.delete(stream)
            if (cause) failed(grpc, cause)
          })
          return stream
        }
    }
  }
  const own = hasMachinery(client) ? calls(client) : {}
  const view: Client = Object.create(client, {
    supports: { value: async () => false },
    throwOnAppendFailure: { value: true },
    ...Object.fromEntries(Object.entries(own).map(([name, value]) => [name, { value }]))
  })
  return {
    client: view,
    notAnswered: (forMs) => {
      if (latest === undefined || !hasMachinery(client)) return
      if (channels.isSilent(latest.getChannel(), forMs / 2)) client.handleError(latest, gone()).catch(constVoid)
    },
    closeChannels: channels.closeAll
  }
}
