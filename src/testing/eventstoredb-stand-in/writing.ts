import { isDeposed, type Node, writeTimeoutMs } from './node.ts'
import type { Problem } from './rpc-error.ts'
import { endsServer, type WriteResult } from './writes.ts'

/** How a write that was tried ended for the client. */
export type Outcome = Exclude<WriteResult, { readonly _tag: 'Dropped' }> | Problem

const timedOut = (node: Node): Promise<'timeout'> =>
  new Promise((resolve) => node.later(writeTimeoutMs, () => resolve('timeout')))

/** Tries a write. What is dropped, and what a deposed leader writes, is told in vain for as long as a server waits. */
export const attempt = async (node: Node, stream: string, write: () => WriteResult): Promise<Outcome> => {
  if (stream === '') return 'unknown'
  if (endsServer(stream)) return 'endsServer'
  if (isDeposed(node)) return timedOut(node)
  const result = write()
  if (result._tag === 'Dropped') return timedOut(node)
  if (result._tag === 'Written') await result.indexed
  return result
}
