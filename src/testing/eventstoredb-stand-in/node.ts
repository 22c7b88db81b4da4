import type { ServerUnaryCall, ServiceError } from '@grpc/grpc-js'
import { type Access, credentialsIn, type Right, refusedLogin, refusedStream } from './access.ts'
import type { Call, CallSubject } from './calls.ts'
import { type Cluster, type Member, roleOf } from './cluster.ts'
import type { Fault, Plan, ServerError } from './faults.ts'
import type { LogView } from './log-view.ts'
import type { Quirks } from './quirks.ts'
import { errorOf, type Problem } from './rpc-error.ts'
import type { Behaviour } from './versions.ts'

/** What the calls of one node have in common. */
export type Node = {
  readonly cluster: Cluster
  readonly self: Member
  readonly version: string
  readonly behaviour: Behaviour
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

/** What a node lets its readers see: a leader that was deposed, and does not know yet, an old log. */
export const logOf = ({ cluster, self }: Node): LogView => self.deposedWith ?? cluster.log.indexed

/** How long a write may wait for what never comes: replicas that take it, or the index. In ms. */
export const writeTimeoutMs = 2000

/** Writes a call down and asks what it has to expect. */
export const receive = (node: Node, { metadata }: AnyCall, subject: CallSubject): { call: Call; plan: Plan } => {
  const [connectionName] = metadata.get('connection-name')
  const credentials = credentialsIn(metadata)
  const call = node.record({
    eventTypes: [],
    ...subject,
    requiresLeader: /^true$/i.test(String(metadata.get('requires-leader')[0])),
    ...(credentials && { user: credentials.user }),
    ...(connectionName !== undefined && { connectionName: connectionName.toString() })
  })
  return { call, plan: node.plan(call) }
}

export const toServiceError = (node: Node, error: Problem, stream = ''): ServiceError => {
  const { cluster, self } = node
  const leader = (cluster.leader ?? self).address
  return errorOf(error, { stream, leader, maxAppendSize: cluster.maxAppendSize })
}

/** Credentials, and rights by what the metadata of the stream say now. */
export const denial = (
  node: Node,
  { metadata }: AnyCall,
  wanted: { readonly stream: string; readonly right: Right } | undefined
): ServerError | undefined => {
  const { access } = node
  if (access === undefined) return undefined
  return (
    refusedLogin(access, metadata) ??
    (wanted && refusedStream(access, metadata, wanted, (stream) => logOf(node).metadataOf(stream)))
  )
}

/** Why the place of a node in its cluster keeps it from serving a call. */
export const notServing = (
  node: Node,
  { requiresLeader }: Pick<Call, 'requiresLeader'>,
  kind: 'read' | 'write'
): ServerError | undefined => {
  const role = roleOf(node.cluster, node.self)
  if (role === 'leader' || role === 'deposed') return undefined
  if (role === 'follower') return requiresLeader ? 'notLeader' : undefined
  if (requiresLeader) return 'noLeader'
  return kind === 'write' ? 'notReady' : undefined
}

/** Whether nobody takes a node's writes: it was the leader and does not know yet that it is no more. */
export const isDeposed = ({ self }: Node): boolean => self.deposedWith !== undefined

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
