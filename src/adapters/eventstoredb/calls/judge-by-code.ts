import { type Facts, numberIn } from '../client/server-error.ts'
import { definite, definiteElsewhere, type Verdict, verdict } from './verdict.ts'

const says = (...beginnings: ReadonlyArray<string>): RegExp =>
  new RegExp(`^(?:\\d+ [A-Z_]+: )?(?:${beginnings.join('|')})`)

/** The server was never reached: no request can have arrived. gRPC's own words, so nothing of a server's may precede. */
const neverSent = says('No connection established', 'Name resolution failed')
/** No node of the cluster answered, or none is in a state to serve. */
const nobodyFound = says('Failed to discover')
/** Another call's failure closed the channel under this one; the client has opened a new one since. */
const channelGone = says('Channel closed before call started', 'Channel has been shut down')

/** What gRPC says of a call that was not given to a connection yet. */
const waits = /waiting for name resolution|waiting for metadata filters|Waiting for LB pick/

/** The deadline passed while the call still waited for a connection: it was never given to one. */
const stillWaiting = ({ text }: Facts): boolean => waits.test(text) && !text.includes('previous attempts')

const noConnection = 'no connection to the server came about in time'

/** What is told of a call whose time ran out after its channel was closed under it. */
export const outOfTime = (cause: unknown): Verdict => verdict(cause, 'StoreTimeout', noConnection, definite)

export const overdue = (cause: unknown, facts: Facts): Verdict =>
  stillWaiting(facts) ? outOfTime(cause) : verdict(cause, 'StoreTimeout', 'the server did not answer in time')

const unreachable = ({ words }: Facts): string => `the server cannot be reached: ${words}`
export const lost = ({ words }: Facts): string => `the answer was lost: ${words}`

/** The statuses that the client has no class for (`UnknownError`), and raw errors of gRPC. */
export const judgeByCode = (cause: unknown, facts: Facts): Verdict => {
  const { code, text, words, trailer } = facts
  if (text.includes('No leader info')) {
    return verdict(cause, 'StoreUnavailable', 'the cluster has no leader at present', definiteElsewhere)
  }
  if (/Server Is (Busy|Too Busy)/i.test(text)) return verdict(cause, 'StoreBusy', 'the server is too busy', definite)
  // what a node says that starts, or whose cluster elects a leader
  if (text.includes('Server Is Not Ready')) {
    return verdict(cause, 'StoreUnavailable', 'the server is not ready', definiteElsewhere)
  }
  if (nobodyFound.test(text)) return verdict(cause, 'StoreUnavailable', unreachable(facts), definiteElsewhere)
  if (channelGone.test(text)) {
    return { ...verdict(cause, 'StoreUnavailable', unreachable(facts), definiteElsewhere), superseded: true }
  }
  if (neverSent.test(text)) return verdict(cause, 'StoreUnavailable', unreachable(facts), definite)
  switch (code) {
    case 3: // INVALID_ARGUMENT: refused before anything is written
      return trailer('exception')?.includes('size-exceeded')
        ? verdict(cause, 'LimitExceeded', `the server refuses events of this size: ${words}`, {
            ...definite,
            limit: numberIn(trailer('maximum-append-event-size'))
          })
        : verdict(cause, 'InvalidInput', `the server refuses the request: ${words}`, definite)
    case 4: // DEADLINE_EXCEEDED
      return overdue(cause, facts)
    case 7: // PERMISSION_DENIED
    case 16: // UNAUTHENTICATED
      return verdict(cause, 'AccessDenied', 'the server denies access', definite)
    case 10: // ABORTED
      return verdict(cause, 'StoreTimeout', lost(facts))
    case 8: // RESOURCE_EXHAUSTED
      // the server's words for a request that it did not read: of an answer gRPC says so in others
      if (text.includes('exceeds the maximum configured message size')) {
        return verdict(cause, 'LimitExceeded', `the server refuses messages of this size: ${words}`, definite)
      }
      return { ...verdict(cause, 'StoreUnavailable', lost(facts)), lasting: 'certainly' }
    case 2: // UNKNOWN: what a server did not foresee, a position inside a record for example
      return { ...verdict(cause, 'StoreUnavailable', lost(facts)), lasting: 'twice' }
    case 12: // UNIMPLEMENTED: some other server
      return verdict(cause, 'NotAStore', `the server does not speak EventStoreDB's protocol: ${words}`, definite)
    default:
      return verdict(cause, 'StoreUnavailable', lost(facts))
  }
}
