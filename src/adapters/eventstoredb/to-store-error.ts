import type { AppendFailure, StoreError } from '../../application/ports/event-store.ts'
import type { ActualRevision } from '../../domain/expected-revision.ts'
import { type FailureTag, failure } from '../../domain/failure.ts'

/** What an error of the client says about the call that it ended. */
export type Verdict = {
  readonly error: StoreError
  /** Whether it is certain that the call changed nothing. */
  readonly notWritten: boolean
  /** Whether the client has turned to another node or channel by now, or must wait for one to lead. */
  readonly elsewhere: boolean
}

/** As much of what a server says as is looked at: a search in it may take its length squared. */
const longestText = 1000

type Facts = { readonly type: string; readonly code: number | undefined; readonly text: string; readonly raw: object }

const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined

/** Errors are told by `type` and `code`, never by class: a second copy of the client has classes of its own. */
const factsOf = (cause: unknown): Facts => {
  const [type, code, message, details] = ['type', 'code', 'message', 'details'].map((name) => property(cause, name))
  const text = typeof message === 'string' && message !== '' ? message : typeof details === 'string' ? details : ''
  const raw = property(cause, '_raw') ?? cause
  return {
    type: typeof type === 'string' ? type : '',
    code: typeof code === 'number' ? code : undefined,
    text: text === '' ? 'no reason given' : text.slice(0, longestText).replace(/[.\s]*Resolution note:\s*$/, ''),
    raw: typeof raw === 'object' && raw !== null ? raw : {}
  }
}

/** A trailer of the answer, where the client kept it. */
const trailer = ({ raw }: Facts, key: string): string | undefined => {
  const metadata = property(raw, 'metadata')
  const get = property(metadata, 'get')
  const values: unknown = typeof get === 'function' ? get.call(metadata, key) : undefined
  return Array.isArray(values) && values[0] !== undefined ? String(values[0]) : undefined
}

const verdict = (
  cause: unknown,
  tag: FailureTag,
  message: string,
  { notWritten = false, elsewhere = false, limit }: { notWritten?: boolean; elsewhere?: boolean; limit?: number } = {}
): Verdict => ({
  error: failure(tag, message, { cause, ...(limit !== undefined && Number.isFinite(limit) && { limit }) }),
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

const overdue = (cause: unknown, facts: Facts): Verdict =>
  stillWaiting(facts)
    ? verdict(cause, 'StoreTimeout', 'no connection to the server came about in time', definite)
    : verdict(cause, 'StoreTimeout', 'the server did not answer in time')

const unreachable = ({ text }: Facts): string => `the server cannot be reached: ${text}`
const lost = ({ text }: Facts): string => `the answer was lost: ${text}`

/** The statuses that the client has no class for (`UnknownError`), and raw errors of gRPC. */
const byCode = (cause: unknown, facts: Facts): Verdict => {
  const { code, text } = facts
  if (text.includes('No leader info')) {
    return verdict(cause, 'StoreUnavailable', 'the cluster has no leader at present', definiteElsewhere)
  }
  if (/Server Is (Busy|Too Busy)/i.test(text)) return verdict(cause, 'StoreBusy', 'the server is too busy', definite)
  // what a node says that starts, or whose cluster elects a leader
  if (text.includes('Server Is Not Ready')) {
    return verdict(cause, 'StoreUnavailable', 'the server is not ready', definiteElsewhere)
  }
  if (channelGone.test(text) || nobodyFound.test(text)) {
    return verdict(cause, 'StoreUnavailable', unreachable(facts), definiteElsewhere)
  }
  if (neverSent.test(text)) return verdict(cause, 'StoreUnavailable', unreachable(facts), definite)
  switch (code) {
    case 3: // INVALID_ARGUMENT: refused before anything is written
      return trailer(facts, 'exception')?.includes('size-exceeded')
        ? verdict(cause, 'LimitExceeded', `the server refuses events of this size: ${text}`, {
            ...definite,
            limit: Number.parseInt(trailer(facts, 'maximum-append-event-size') ?? '', 10)
          })
        : verdict(cause, 'InvalidInput', `the server refuses the request: ${text}`, definite)
    case 4: // DEADLINE_EXCEEDED
      return overdue(cause, facts)
    case 7: // PERMISSION_DENIED
    case 16: // UNAUTHENTICATED
      return verdict(cause, 'AccessDenied', 'the server denies access', definite)
    case 10: // ABORTED
      return verdict(cause, 'StoreTimeout', lost(facts))
    case 12: // UNIMPLEMENTED: some other server
      return verdict(cause, 'NotAStore', `the server does not speak EventStoreDB's protocol: ${text}`, definite)
    default:
      return verdict(cause, 'StoreUnavailable', lost(facts))
  }
}

/**
 * Judges every error that the client can give (the table is `docs/reference/failures.md`). Whatever is not known to
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
        limit: Number(property(cause, 'maxAppendSize'))
      })
    case 'invalid-transaction':
      return verdict(cause, 'LimitExceeded', 'the append does not fit into one transaction of the server', definite)
    case 'missing-required-metadata-property':
    case 'invalid-argument':
      return verdict(cause, 'InvalidInput', `the request is refused: ${facts.text}`, definite)
    case 'unsupported':
      return verdict(cause, 'NotAStore', `the server is too old: ${facts.text}`, definite)
    case 'deadline-exceeded':
      return overdue(cause, facts)
    case 'timeout':
      return verdict(cause, 'StoreTimeout', lost(facts))
    default:
      return byCode(cause, facts)
  }
}

export const toStoreError = (cause: unknown): StoreError => judge(cause).error

const revisionOf = (actual: unknown): ActualRevision =>
  typeof actual === 'bigint' && actual >= 0n ? actual : 'noStream'

/** The revision that a version conflict reports; undefined for any other error. */
export const conflictIn = (cause: unknown): ActualRevision | undefined =>
  property(cause, 'type') === 'wrong-expected-version' ? revisionOf(property(cause, 'actualVersion')) : undefined

export const toAppendFailure = ({ notWritten, error }: Verdict): AppendFailure =>
  notWritten ? { _tag: 'NotWritten', error } : { _tag: 'OutcomeUnknown', error }
