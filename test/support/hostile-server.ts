import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js'
import type { AppendResp, ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js'
import { onTestFinished } from 'vitest'
import { gossipService, grpc, streamsService } from '../../src/testing/eventstoredb-stand-in/generated.ts'

/** An error as it goes over the wire, with any trailers at all. */
export type Trailed = {
  readonly code: number
  readonly details?: string
  readonly trailers?: ReadonlyArray<readonly [string, string | Buffer]>
}

/** What a call gets: messages and then its end, an error, or nothing more. */
export type Said<A> = { readonly messages?: ReadonlyArray<A>; readonly end: 'ok' | 'never' | Trailed }

export type Hostile = {
  readonly append?: () => AppendResp | Trailed
  readonly read?: (request: ReadReq) => Said<ReadResp>
  readonly gossip?: () => ClusterInfo | Trailed
}

const errorOf = ({ code, details = 'no', trailers = [] }: Trailed): Error => {
  const metadata = new grpc.Metadata()
  for (const [key, value] of trailers) metadata.add(key, value)
  return Object.assign(new Error(details), { code, details, metadata })
}

const isTrailed = (answer: object): answer is Trailed => 'code' in answer

type Done = (error: Error | null, answer?: unknown) => void

const answered = (answer: object, done: Done): void => (isTrailed(answer) ? done(errorOf(answer)) : done(null, answer))

const sendAll = async (call: NodeJS.WritableStream, { messages = [], end }: Said<ReadResp>): Promise<void> => {
  for (const message of messages) call.write(message as never)
  if (end === 'ok') call.end()
  else if (end !== 'never') {
    // what was written goes first
    await new Promise((resolve) => setImmediate(resolve))
    call.emit('error', errorOf(end))
  }
}

/** What goes with a test; a test beside others has its own. */
export type Goes = (end: () => void | Promise<void>) => void

/** A server of the protocol that says whatever it is told to. Its address goes into a connection string. */
export const hostileServer = async (says: Hostile, goes: Goes = onTestFinished): Promise<string> => {
  const server = new grpc.Server({ 'grpc.max_send_message_length': -1 })
  server.addService(
    { append: streamsService.StreamsService.append, read: streamsService.StreamsService.read } as never,
    {
      append: (call: NodeJS.ReadableStream, done: Done) => {
        call.on('end', () => answered(says.append?.() ?? { code: 12 }, done)).resume()
      },
      read: (call: NodeJS.WritableStream & { readonly request: ReadReq }) =>
        void sendAll(call, says.read?.(call.request) ?? { end: { code: 12 } })
    }
  )
  server.addService(gossipService.GossipService, {
    read: (_: unknown, done: Done) => answered(says.gossip?.() ?? { code: 12 }, done)
  })
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (cause, bound) =>
      cause ? reject(cause) : resolve(bound)
    )
  )
  goes(() => server.forceShutdown())
  return `127.0.0.1:${port}`
}
