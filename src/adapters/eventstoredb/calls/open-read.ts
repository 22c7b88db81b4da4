import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js'
import { authentication, type Context } from '../client/client.ts'
import type { CallOptions, ReadCall } from '../client/client-internals.ts'
import type { Line } from '../client/wire.ts'

/** Whoever opens a read ends it: the server's own deadline would throw away what came until then. */
const unbounded = { deadline: Number.POSITIVE_INFINITY }

/** Sends a read, or a subscription, over a line. */
export const openRead = (
  context: Context,
  line: Line,
  request: ReadReq,
  options: Pick<CallOptions, 'requiresLeader'> = {}
): ReadCall => {
  const { wire } = context
  const call = line.grpc.read(request, ...wire.args({ ...authentication(context), ...options }, unbounded))
  call.once('metadata', () => wire.heard(line))
  return call
}
