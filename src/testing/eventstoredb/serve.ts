import type { Socket } from 'node:net'
import { appendRpc } from './append-rpc.ts'
import { batchAppendRpc } from './batch-append-rpc.ts'
import { deleteRpc, tombstoneRpc } from './delete-rpc.ts'
import { supportedMethods } from './features.ts'
import { featuresService, gossipService, grpc, streamsService } from './generated.ts'
import { clusterInfo } from './gossip.ts'
import type { Node } from './node.ts'
import { readRpc } from './read-rpc.ts'
import { unaryRpc } from './unary-rpc.ts'

/** A certificate and its key, both PEM. */
export type KeyPair = { readonly cert: string; readonly key: string }

const credentialsOf = (tls: KeyPair | undefined): ReturnType<typeof grpc.ServerCredentials.createInsecure> =>
  tls === undefined
    ? grpc.ServerCredentials.createInsecure()
    : grpc.ServerCredentials.createSsl(null, [{ cert_chain: Buffer.from(tls.cert), private_key: Buffer.from(tls.key) }])

const settings = {
  'grpc.max_receive_message_length': 17 * 1024 * 1024,
  'grpc.max_send_message_length': -1,
  'grpc.enable_channelz': 0
}

/** The services of a node, for connections that someone else accepts. */
export const serve = (
  node: Node,
  tls: KeyPair | undefined
): { readonly take: (socket: Socket) => void; readonly close: () => void } => {
  const server = new grpc.Server(settings)
  server.addService(featuresService.ServerFeaturesService, {
    getSupportedMethods: unaryRpc(node, 'features', () => supportedMethods(node.version))
  })
  server.addService(gossipService.GossipService, {
    read: unaryRpc(node, 'gossip', () => clusterInfo(node.cluster))
  })
  server.addService(streamsService.StreamsService, {
    append: appendRpc(node),
    batchAppend: batchAppendRpc(node),
    read: readRpc(node),
    delete: deleteRpc(node),
    tombstone: tombstoneRpc(node)
  })
  const injector = server.createConnectionInjector(credentialsOf(tls))
  return {
    take: (socket) => injector.injectConnection(socket),
    close: () => server.forceShutdown()
  }
}
