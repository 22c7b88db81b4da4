import type { Socket } from 'node:net'
import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js'
import { appendBytes } from './append-answer.ts'
import { appendRpc } from './append-rpc.ts'
import { batchAppendRpc } from './batch-append-rpc.ts'
import { batchPart } from './batch-deadline.ts'
import { deleteRpc, tombstoneRpc } from './delete-rpc.ts'
import { supportedMethods } from './features.ts'
import { featuresService, gossipService, grpc, streamsService } from './generated.ts'
import { clusterInfo } from './gossip.ts'
import { inProgress } from './in-progress.ts'
import { type Node, toServiceError } from './node.ts'
import { readRpc } from './read-rpc.ts'
import { unaryRpc } from './unary-rpc.ts'

/** A certificate and its key, both PEM. */
export type KeyPair = {
  /** The certificate, PEM. */
  readonly cert: string
  /** Its private key, PEM. */
  readonly key: string
}

const credentialsOf = (tls: KeyPair | undefined): ReturnType<typeof grpc.ServerCredentials.createInsecure> =>
  tls === undefined
    ? grpc.ServerCredentials.createInsecure()
    : grpc.ServerCredentials.createSsl(null, [{ cert_chain: Buffer.from(tls.cert), private_key: Buffer.from(tls.key) }])

const settings = {
  // a record of 16 MiB, less what it holds beside the message
  'grpc.max_receive_message_length': 16 * 1024 * 1024 - 10_000,
  'grpc.max_send_message_length': -1,
  'grpc.max_concurrent_streams': 100,
  'grpc.enable_channelz': 0
}

/** The methods of a service by paths in lower case as well: a server does not mind the case of a path. */
const inAnyCase = (
  service: ServiceDefinition,
  implementation: UntypedServiceImplementation
): readonly [ServiceDefinition, UntypedServiceImplementation] => {
  const names = Object.keys(implementation)
  const lower = (name: string): string => `lower ${name}`
  return [
    Object.fromEntries(
      names.flatMap((name) => {
        const method = service[name]
        return method === undefined ? [] : [[lower(name), { ...method, path: method.path.toLowerCase() }]]
      })
    ),
    Object.fromEntries(Object.entries(implementation).map(([name, handler]) => [lower(name), handler]))
  ]
}

/** How long the last answers may take on their way. In ms. */
const graceMs = 500

/** The services of a node, for connections that someone else accepts. */
export const serve = (
  node: Node,
  tls: KeyPair | undefined
): {
  readonly take: (socket: Socket) => void
  /** Ends every call as a server does that shuts down: cancelled. */
  readonly cancelCalls: () => void
  readonly close: () => void
} => {
  const server = new grpc.Server(settings)
  const calls = inProgress()
  const add = (service: ServiceDefinition, implementation: UntypedServiceImplementation): void => {
    server.addService(service, implementation)
    server.addService(...inAnyCase(service, implementation))
  }
  add(featuresService.ServerFeaturesService, {
    getSupportedMethods: calls.unary(unaryRpc(node, 'features', () => supportedMethods(node.version)))
  })
  add(gossipService.GossipService, { read: calls.unary(unaryRpc(node, 'gossip', () => clusterInfo(node))) })
  const { append, batchAppend, ...others } = streamsService.StreamsService
  add(
    {
      ...others,
      append: { ...append, responseSerialize: appendBytes },
      batchAppend: { ...batchAppend, requestDeserialize: batchPart }
    },
    {
      append: calls.clientStream(appendRpc(node)),
      batchAppend: calls.bidi(batchAppendRpc(node)),
      read: calls.serverStream(readRpc(node)),
      delete: calls.unary(deleteRpc(node)),
      tombstone: calls.unary(tombstoneRpc(node))
    }
  )
  const injector = server.createConnectionInjector(credentialsOf(tls))
  return {
    take: (socket) => injector.injectConnection(socket),
    cancelCalls: () => {
      calls.endAll(toServiceError(node, 'cancelled'))
      injector.drain(graceMs)
    },
    close: () => server.forceShutdown()
  }
}
