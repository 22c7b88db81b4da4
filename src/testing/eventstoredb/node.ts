import type { ServerUnaryCall, ServiceError } from '@grpc/grpc-js'
import { type Access, credentialsIn, refusedLogin, refusedStream } from './access.ts'
import type { Call, CallSubject } from './calls.ts'
import { type Cluster, type Member, roleOf } from './cluster.ts'
import type { Fault, Plan, ServerError } from './faults.ts'
import type { Quirks } from './quirks.ts'
import { errorOf } from './rpc-error.ts'

/** What the calls of one node have in common. */
export type Node = {
  readonly cluster: Cluster
  readonly self: Member
  readonly version: string
  readonly access: Access | undefined
  readonly quirks: Quirks
  /** Writes a call down. */
  readonly record: (call: Omit<Call, 'nth' | 'at'>) => Call
  readonly plan: (call: Call) => Plan
  /** Counts a stream of answers as open, until it is closed; `events` tells how many were written to it. */
  readonly open: (call: Call, events: () => number) => () => void
  /** Runs something later, unless the node stops before. */
  readonly later: (ms: number, run: () => void) => { readonly cancel: () => void }
  /** Destroys the connection of a peer. */
  readonly drop: (peer: string) => void
  /** Leaves the connection of a peer half open. */
  readonly freeze: (peer: string) => void
}

/** What calls of all four kinds have. */
export type AnyCall = Pick<ServerUnaryCall<unknown, unknown>, 'metadata' | 'cancelled' | 'getPeer'>

/** Writes a call down and asks what it has to expect. */
export const receive = (node: Node, { metadata }: AnyCall, subject: CallSubject): { call: Call; plan: Plan } => {
  const [connectionName] = metadata.get('connection-name')
  const credentials = credentialsIn(metadata)
  const call = node.record({
    eventTypes: [],
    ...subject,
    requiresLeader: metadata.get('requires-leader')[0] === 'true',
    ...(credentials && { user: credentials.user }),
    ...(connectionName !== undefined && { connectionName: connectionName.toString() })
  })
  return { call, plan: node.plan(call) }
}

export const toServiceError = (node: Node, error: ServerError, stream = ''): ServiceError => {
  const { cluster, self } = node
  const leader = (cluster.leader ?? self).address
  return errorOf(error, { stream, leader, maxAppendSize: cluster.maxAppendSize })
}

/** Why a node will not serve a call on streams: credentials, rights, leadership. */
export const refusal = (
  node: Node,
  { metadata }: AnyCall,
  { stream, requiresLeader }: Call,
  kind: 'read' | 'write'
): ServerError | undefined => {
  const denied =
    refusedLogin(node.access, metadata) ??
    (stream === undefined ? undefined : refusedStream(node.access, metadata, stream))
  if (denied !== undefined) return denied
  const role = roleOf(node.cluster, node.self)
  if (role === 'leader') return undefined
  if (role === 'follower') return requiresLeader ? 'notLeader' : undefined
  if (requiresLeader) return 'noLeader'
  return kind === 'write' ? 'notReady' : undefined
}

/** Lets a fault strike a call. The answer is whether the call goes on: where not, the fault has seen to its end. */
export const strike = (
  node: Node,
  call: AnyCall,
  { do: action }: Fault,
  fail: (error: ServerError) => void
): Promise<boolean> => {
  if (action === 'drop') node.drop(call.getPeer())
  else if (action === 'freeze') node.freeze(call.getPeer())
  else if (action !== 'hang') {
    if ('delayMs' in action) {
      return new Promise((resolve) => node.later(action.delayMs, () => resolve(!call.cancelled)))
    }
    fail(action.error)
  }
  return Promise.resolve(false)
}
