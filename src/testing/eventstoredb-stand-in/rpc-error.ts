import type { Metadata, ServiceError } from '@grpc/grpc-js'
import type { Expected } from './check-commit.ts'
import type { ServerError } from './faults.ts'
import { grpc } from './generated.ts'

const { status } = grpc

/** What the text or the trailers of an error tell beside its kind. */
export type ErrorFacts = {
  readonly stream: string
  readonly leader: { readonly host: string; readonly port: number }
  readonly maxAppendSize: number
}

const trailersOf = (trailers: Readonly<Record<string, string>>): Metadata => {
  const metadata = new grpc.Metadata()
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, value)
  return metadata
}

/** The client reads the class of an error from its trailer `exception` first, and from its code only then. */
const rpcError = (code: number, details: string, trailers: Readonly<Record<string, string>> = {}): ServiceError =>
  Object.assign(new Error(details), { code, details, metadata: trailersOf(trailers) })

/** Why a call fails: what can be scripted, and what only a request brings about. */
export type Problem = ServerError | 'invalidArgument' | 'endsServer'

/**
 * The server puts a name into a trailer as it is. What no header may hold breaks its answer; of a tab or outer spaces
 * the client loses the trailer.
 */
const naming = (stream: string, fail: (trailers: Readonly<Record<string, string>>) => ServiceError): ServiceError => {
  if (!/^[\t -~]*$/.test(stream)) return rpcError(status.UNKNOWN, 'Received HTTP status code 500')
  return fail(/\t|^ | $/.test(stream) ? {} : { 'stream-name': stream })
}

/** What a write is refused with that a real server answers, and does not survive. */
export const whyItEndsServer = (stream: string): string =>
  `The stand-in refuses to write to '${stream}': a real server answers, and then its process ends.`

const encodings: { readonly [error in Problem]: (facts: ErrorFacts) => ServiceError } = {
  timeout: () => rpcError(status.ABORTED, 'Operation timed out: Commit phase timeout.'),
  slowConsumer: () =>
    rpcError(
      status.ABORTED,
      'Operation timed out: Consumer too slow to handle event while live. Client resubscription required.'
    ),
  notReady: () => rpcError(status.UNAVAILABLE, 'Server Is Not Ready'),
  tooBusy: () => rpcError(status.UNAVAILABLE, 'Server Is Too Busy'),
  notLeader: ({ leader }) =>
    rpcError(status.NOT_FOUND, 'Leader info available', {
      exception: 'not-leader',
      'leader-endpoint-host': leader.host,
      'leader-endpoint-port': String(leader.port)
    }),
  noLeader: () => rpcError(status.UNKNOWN, 'No leader info available in response'),
  accessDenied: () => rpcError(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' }),
  unauthenticated: () => rpcError(status.UNAUTHENTICATED, 'Bad gRPC response. HTTP status code: 401'),
  streamDeleted: ({ stream }) =>
    naming(stream, (name) =>
      rpcError(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
        exception: 'stream-deleted',
        ...name
      })
    ),
  maxAppendSize: ({ maxAppendSize }) =>
    rpcError(status.INVALID_ARGUMENT, `Maximum Append Size of ${maxAppendSize} Exceeded.`, {
      exception: 'maximum-append-size-exceeded',
      'maximum-append-size': String(maxAppendSize)
    }),
  maxEventSize: ({ maxAppendSize }) =>
    rpcError(status.INVALID_ARGUMENT, `Maximum Append Event Size of ${maxAppendSize} Exceeded.`, {
      exception: 'maximum-append-event-size-exceeded',
      'maximum-append-event-size': String(maxAppendSize)
    }),
  invalidTransaction: () =>
    rpcError(status.INVALID_ARGUMENT, 'Invalid Transaction', { exception: 'invalid-transaction' }),
  missingMetadata: () =>
    rpcError(status.INVALID_ARGUMENT, "Required Metadata Property 'type' is missing", {
      exception: 'missing-required-metadata-property',
      'required-metadata-properties': 'type,content-type'
    }),
  deadline: () => rpcError(status.DEADLINE_EXCEEDED, 'Deadline exceeded'),
  cancelled: () => rpcError(status.CANCELLED, 'Call cancelled'),
  unavailable: () => rpcError(status.UNAVAILABLE, 'Connection dropped'),
  unimplemented: () => rpcError(status.UNIMPLEMENTED, 'Service is unimplemented.'),
  internal: () => rpcError(status.INTERNAL, 'Received RST_STREAM with code 0 (Call ended without gRPC status)'),
  unknown: () => rpcError(status.UNKNOWN, 'Exception was thrown by handler.'),
  invalidArgument: () => rpcError(status.INVALID_ARGUMENT, 'Not a valid request.'),
  endsServer: ({ stream }) => rpcError(status.FAILED_PRECONDITION, whyItEndsServer(stream))
}

export const errorOf = (error: Problem, facts: ErrorFacts): ServiceError => encodings[error](facts)

const numberOf = (expected: Expected): bigint =>
  expected === 'any' ? -2n : expected === 'noStream' ? -1n : expected === 'streamExists' ? -4n : expected

/** Deletes report a version conflict as an error; appends do so in their answer. */
export const wrongVersionOnDelete = (stream: string, expected: Expected, current: bigint): ServiceError =>
  naming(stream, (name) =>
    rpcError(
      status.FAILED_PRECONDITION,
      `Delete failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${numberOf(expected)}, ` +
        `Actual version: ${current}`,
      {
        exception: 'wrong-expected-version',
        ...name,
        'expected-version': String(numberOf(expected)),
        'actual-version': String(current)
      }
    )
  )
