import type { AppendFailure, StoreError } from '../../../application/ports/event-store.ts'
import type { ActualRevision } from '../../../domain/expected-revision.ts'
import { factsOf, numberIn } from '../client/server-error.ts'
import { judgeByCode, lost, overdue } from './judge-by-code.ts'
import { isRevision } from './revision.ts'
import { definite, definiteElsewhere, type Verdict, verdict } from './verdict.ts'

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
      return judgeByCode(cause, facts)
  }
}

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
