import type { CallArguments, CallOptions, StreamsClient } from './client-internals.ts'
import type { Connection } from './connection.ts'

/** A channel to one node, and the stub that calls over it. */
export type Line = { readonly grpc: StreamsClient; readonly connection: Connection }

/** The way to the server: a line at a time, and another one after a failure. */
export type Wire = {
  /** The line for the next call. Looks for the node to ask where there is none yet. */
  readonly open: () => Promise<Line>
  /** The arguments that the client itself would give a call. */
  readonly args: (options: CallOptions, fixed?: { readonly deadline: number }) => CallArguments
  /** Whether anything was ever heard of the server. */
  readonly hasMet: () => boolean
  /** Tells that something came over a line. */
  readonly heard: (line: Line) => void
  /** Tells why a call ended: the next one may need another line, or another node. */
  readonly failed: (line: Line, cause: unknown) => void
  /**
   * Tells that a call was not answered for so long. Where nothing else was heard meanwhile either the connection may be
   * half open, or its handshake dead: the next call gets a new one.
   */
  readonly notAnswered: (forMs: number) => void
  /** Tells that a call waits for its answer; what is returned tells that it does not any more. */
  readonly waiting: () => () => void
  /**
   * Turns to the node that most of the cluster name as its leader, and tells whether there is one; one node alone leads.
   * Only where the wire chooses its nodes itself.
   */
  readonly toLeader?: () => Promise<boolean>
  readonly close: () => void
}

/** Makes a call over the wire, and tells the wire what came of it. */
export const callOver = async <A>(
  wire: Wire,
  action: (line: Line) => Promise<A>,
  isAnswer: (cause: unknown) => boolean = () => false
): Promise<A> => {
  const line = await wire.open()
  const over = wire.waiting()
  try {
    const answer = await action(line)
    wire.heard(line)
    return answer
  } catch (cause) {
    if (isAnswer(cause)) wire.heard(line)
    else wire.failed(line, cause)
    throw cause
  } finally {
    over()
  }
}
