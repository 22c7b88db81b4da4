import { createRequire } from 'node:module'
import type * as GossipService from '@eventstore/db-client/generated/gossip_grpc_pb.js'
import type * as Gossip from '@eventstore/db-client/generated/gossip_pb.js'
import type * as FeaturesService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js'
import type * as Features from '@eventstore/db-client/generated/serverfeatures_pb.js'
import type * as Status from '@eventstore/db-client/generated/status_pb.js'
import type * as Grpc from '@grpc/grpc-js'
import type * as ProtobufAny from 'google-protobuf/google/protobuf/any_pb.js'
import type * as ProtobufEmpty from 'google-protobuf/google/protobuf/empty_pb.js'
import { streamsService } from '../../adapters/eventstoredb/client/generated.ts'

export { sharedPb, streamsPb } from '../../adapters/eventstoredb/client/generated.ts'
export { streamsService }

/**
 * The rest is loaded as the client itself loads it: npm may put another google-protobuf beside the client's own, and a
 * message made by that one is refused.
 */
const here = createRequire(import.meta.url)
const load = createRequire(here.resolve('@eventstore/db-client/package.json'))

export const grpc: typeof Grpc = load('@grpc/grpc-js')
export const statusPb: typeof Status = load('./generated/status_pb')
export const featuresPb: typeof Features = load('./generated/serverfeatures_pb')
export const gossipPb: typeof Gossip = load('./generated/gossip_pb')
export const anyPb: typeof ProtobufAny = load('google-protobuf/google/protobuf/any_pb')
export const emptyPb: typeof ProtobufEmpty = load('google-protobuf/google/protobuf/empty_pb')
export const featuresService: typeof FeaturesService = load('./generated/serverfeatures_grpc_pb')
export const gossipService: typeof GossipService = load('./generated/gossip_grpc_pb')

type Service = { readonly [method: string]: { readonly path: string } }

/** The services of a server for clients, in the order in which it tells of them. */
export const clientServices: ReadonlyArray<Service> = [
  load('./generated/persistent_grpc_pb').PersistentSubscriptionsService,
  load('./generated/users_grpc_pb').UsersService,
  { ...streamsService.StreamsService },
  load('./generated/operations_grpc_pb').OperationsService,
  { ...gossipService.GossipService },
  load('./generated/monitoring_grpc_pb').MonitoringService,
  { ...featuresService.ServerFeaturesService }
]
