import type { AppendFailure, StoreError } from '../../../application/ports/event-store.ts'
import type { ActualRevision } from '../../../domain/expected-revision.ts'
import { type FailureTag, failure } from '../../../domain/failure.ts'
import { type Facts, factsOf, numberIn } from '../client/server-error.ts'
import { isRevision } from './revision.ts'

/** What an error of the client says about the call that it ended. */
export type Verdict = {
  readonly error: StoreError
  /** Whether it is certain that the call changed nothing. */
  readonly notWritten: boolean
  /** Whether another node or channel is taken by now, or one is awaited that leads. */
  readonly elsewhere: boolean
  /** Whether only the channel was closed under the call: that tells nothing of the server. */
  readonly superseded?: boolean
  /** Whether the same read would end in the same way: certainly, or where it has done so twice. */
  readonly lasting?: 'certainly' | 'twice'
}

const verdict = (
  cause: unknown,
  tag: FailureTag,
  message: string,
  {
    notWritten = false,
    elsewhere = false,
    limit
  }: { notWritten?: boolean; elsewhere?: boolean; limit?: number | undefined } = {}
): Verdict => ({
  error: failure(tag, message, { cause, ...(limit !== undefined && { limit }) }),
  notWritten,
  elsewhere
})

const definite = { notWritten: true }
const definiteElsewhere = { notWritten: true, elsewhere: true }

const says = (...beginnings: ReadonlyArray<string>): RegExp =>
  new RegExp(`^(?:\\d+ [A-Z_]+: )?(?:${beginnings.join('|')})`)

/** The server was never reached: no request can have arrived. gRPC's own words, so nothing of a server's may precede. */
const neverSent = says('No connection established', 'Name resolution failed')
/** No node of the cluster answered, or none is in a state to serve. */
const nobodyFound = says('Failed to discover')
/** Another call's failure closed the channel under this one; the client has opened a new one since. */
const channelGone = says('Channel closed before call started', 'Channel has been shut down')

/** The deadline passed while the call still waited for a connection: it was never given to one. */
const stillWaiting = ({ text }: Facts): boolean =>
  text.includes('Waiting for LB pick') && !text.includes('previous attempts')

const noConnection = 'no connection to the server came about in time'

/** What is told of a call whose time ran out after its channel was closed under it. */
export const outOfTime = (cause: unknown): Verdict => verdict(cause, 'StoreTimeout', noConnection, definite)

const overdue = (cause: unknown, facts: Facts): Verdict =>
  stillWaiting(facts) ? outOfTime(cause) : verdict(cause, 'StoreTimeout', 'the server did not answer in time')

const unreachable = ({ words }: Facts): string => `the server cannot be reached: ${words}`
const lost = ({ words }: Facts): string => `the answer was lost: ${words}`

/** The statuses that the client has no class for (`UnknownError`), and raw errors of gRPC. */
const byCode = (cause: unknown, facts: Facts): Verdict => {
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

/**
 * Judges every error that a call can end with (the table is `docs/reference/failures.md`). Whatever is not known to
 * have changed nothing counts as unknown.
 */
export const judge = (cause: unknown): Verdict => {
  const facts = factsOf(cause)
  switch (facts.type) {
    case 'not-leader':
      return verdict(cause, 'StoreUnavailable', 'the node is not the leader', definiteElsewhere)
    case 'access-denied':
      return verdict(cause, 'AccessDenied', 'the server denies access', definite)
    case 'stream-deleted':
    case 'no-stream':
      return verdict(cause, 'CorruptStream', 'the stream was deleted; keyfold never deletes a stream', definite)
    case 'maximum-append-size-exceeded':
      return verdict(cause, 'LimitExceeded', 'the append is over the limit of the server', {
        ...definite,
        limit: numberIn(facts.trailer('maximum-append-size'))
      })
    case 'invalid-transaction':
      return verdict(cause, 'LimitExceeded', 'the append does not fit into one transaction of the server', definite)
    case 'missing-required-metadata-property':
    case 'invalid-argument':
      return verdict(cause, 'InvalidInput', `the request is refused: ${facts.words}`, definite)
    case 'unsupported':
      return verdict(cause, 'NotAStore', `the server is too old: ${facts.words}`, definite)
    case 'nobody-answers':
      return verdict(cause, 'StoreTimeout', facts.words, definiteElsewhere)
    case 'nonsense':
      return verdict(cause, 'NotAStore', `the server does not speak EventStoreDB's protocol: ${facts.words}`)
    case 'wrong-expected-version':
      return verdict(cause, 'StoreUnavailable', 'the server told a conflict, but not with which revision', definite)
    case 'deadline-exceeded':
      return overdue(cause, facts)
    case 'timeout':
      return verdict(cause, 'StoreTimeout', lost(facts))
    default:
      return byCode(cause, facts)
  }
}

/** A read that ends so twice is refused for where it begins, where that is nothing that every stream, or log, has. */
export const refusedPlace = (error: StoreError, place: string, path: string): StoreError =>
  judge(error.cause).lasting === 'twice'
    ? failure('InvalidInput', `the server cannot read from ${place}: ${factsOf(error.cause).words}`, {
        path,
        cause: error.cause
      })
    : error

export const toStoreError = (cause: unknown): StoreError => judge(cause).error

/** The revision that a version conflict reports; undefined for any other error, and where it reports none that can be. */
export const conflictIn = (cause: unknown): ActualRevision | undefined => {
  const { type, trailer } = factsOf(cause)
  const actual = trailer('actual-version')
  if (type !== 'wrong-expected-version' || actual === undefined || !/^-?\d{1,19}$/.test(actual)) return undefined
  const revision = BigInt(actual)
  return revision < 0n ? 'noStream' : isRevision(revision) ? revision : undefined
}

export const toAppendFailure = ({ notWritten, error }: Verdict): AppendFailure =>
  notWritten ? { _tag: 'NotWritten', error } : { _tag: 'OutcomeUnknown', error }
