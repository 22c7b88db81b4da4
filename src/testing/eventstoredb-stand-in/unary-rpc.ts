import type { handleUnaryCall } from '@grpc/grpc-js'
import { refusedLogin } from './access.ts'
import type { Rpc } from './calls.ts'
import { faultAt, type ServerError } from './faults.ts'
import { type Node, receive, strike, toServiceError } from './node.ts'

/** A call that asks about the server itself: it needs no credentials, and writes nothing. */
export const unaryRpc =
  <Request, Answer>(node: Node, rpc: Rpc, answer: () => Answer): handleUnaryCall<Request, Answer> =>
  async (wire, callback) => {
    const fail = (error: ServerError): void => callback(toServiceError(node, error))
    const { plan } = receive(node, wire, { rpc })
    const [before, after] = [faultAt(plan, 'before'), faultAt(plan, 'after')]
    if (before !== undefined && !(await strike(node, wire, before, fail))) return
    const refused = refusedLogin(node.access, wire.metadata)
    if (refused !== undefined) return fail(refused)
    if (after !== undefined && !(await strike(node, wire, after, fail))) return
    callback(null, answer())
  }
