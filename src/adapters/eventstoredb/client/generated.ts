import gossipService from '@eventstore/db-client/generated/gossip_grpc_pb.js'
import gossipPb from '@eventstore/db-client/generated/gossip_pb.js'
import sharedPb from '@eventstore/db-client/generated/shared_pb.js'
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js'
import streamsPb from '@eventstore/db-client/generated/streams_pb.js'

// CommonJS that no tool can list the exports of: only the whole of it can be imported.
export { gossipPb, gossipService, sharedPb, streamsPb, streamsService }
