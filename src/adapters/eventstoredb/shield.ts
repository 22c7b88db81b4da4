import { finished } from 'node:stream'
import { constVoid } from 'fp-ts/function'
import { openChannels } from './channels.ts'
import type { Client } from './client.ts'
import { streamsService } from './generated.ts'
import type { Call, GrpcStream, Machinery, StreamsClient } from './machinery.ts'
import { conflictIn } from './to-store-error.ts'

/** What makes the client open a new channel for its next call: the status of a server that went away. */
const gone = (): unknown =>
  Object.assign(new Error('nothing was heard on this channel'), {
    code: 14,
    details: 'nothing was heard on this channel'
  })

/** A client that is safe to call, and its channels. */
export type Shielded = {
  /** Reads and subscribes. */
  readonly client: Client
  readonly call: Call
  /**
   * Tells that a call was not answered for so long. Where nothing else was heard meanwhile the connection may be half
   * open, which the client notices after twenty seconds at best: the next call gets a new one.
   */
  readonly notAnswered: (forMs: number) => void
  readonly closeChannels: () => void
}

/**
 * Calls over a client's channels that never fail where nobody catches: the client looks for another node after a
 * failure, and drops the promise of that. The client itself is not changed: for reads there is a view of it.
 */
export const shield = (client: Client & Machinery): Shielded => {
  const channels = openChannels()
  let latest: StreamsClient | undefined

  const open = async (kind: unknown, name: string): Promise<StreamsClient> => {
    latest = await client.getGRPCClient(kind, name)
    channels.keep(latest.getChannel())
    return latest
  }
  const failed = (grpc: StreamsClient, cause: unknown): void => {
    client.handleError(grpc, cause).catch(constVoid)
  }
  const streaming =
    (kind: unknown, name: string, create: (grpc: StreamsClient) => GrpcStream) => async (): Promise<GrpcStream> => {
      const grpc = await open(kind, name)
      const stream = create(grpc)
      stream.once('metadata', () => channels.heard(grpc.getChannel()))
      client.disposableStreams.add(stream)
      finished(stream, (cause) => {
        client.disposableStreams.delete(stream)
        if (cause) failed(grpc, cause)
      })
      return stream
    }

  return {
    client: Object.create(client, { GRPCStreamCreator: { value: streaming } }),
    call: async (options, action) => {
      const grpc = await open(streamsService.StreamsClient, 'keyfold')
      try {
        const answer = await action(grpc, client.callArguments(options))
        channels.heard(grpc.getChannel())
        return answer
      } catch (cause) {
        if (conflictIn(cause) !== undefined) channels.heard(grpc.getChannel())
        failed(grpc, cause)
        throw cause
      }
    },
    notAnswered: (forMs) => {
      if (latest !== undefined && channels.isSilent(latest.getChannel(), forMs / 2)) failed(latest, gone())
    },
    closeChannels: channels.closeAll
  }
}
