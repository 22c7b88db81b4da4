import { type Address, addressOf } from './address.ts'
import { factsOf, numberIn } from './server-error.ts'

/** That the next call should go over a new channel, and to whom, where the node told that. */
export type Turn = { readonly leader?: Address }

/**
 * Whether a failure is one of the node or of the connection, as the client judges it: not the leader, unavailable, or
 * cancelled by the server; the words are Node's for a connection that was ended.
 */
export const turnAfter = (cause: unknown): Turn | undefined => {
  const { type, code, text, trailer } = factsOf(cause)
  if (type === 'not-leader') {
    const leader = addressOf(trailer('leader-endpoint-host'), numberIn(trailer('leader-endpoint-port')))
    return leader === undefined ? {} : { leader }
  }
  const isGone = code === 14 || type === 'unavailable' || text.includes('write after end')
  const isCancelled = (code === 1 || type === 'cancelled') && !text.includes('Cancelled on client')
  return isGone || isCancelled ? {} : undefined
}
