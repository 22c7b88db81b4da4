import { ErrorType } from '@eventstore/db-client'
import { describe, expect, it } from 'vitest'
import { conflictIn, judge } from '../../../../src/adapters/eventstoredb/to-store-error.ts'

const notWritten = { notWritten: true, again: false }
const again = { notWritten: true, again: true }
const unknown = { notWritten: false, again: false }

/** Errors that a call can end with beside those that a server sends (`errors-of-the-client.test.ts` has these). */
describe('errors judged as they are', () => {
  it.each([
    ['Channel has been shut down', undefined, 'StoreUnavailable', again],
    ['14 UNAVAILABLE: Channel closed before call started', 14, 'StoreUnavailable', again],
    ['2 UNKNOWN: Could not recognize No leader info available in response', 2, 'StoreUnavailable', again],
    ['Failed to discover after 10 attempts.', undefined, 'StoreUnavailable', notWritten],
    ['14 UNAVAILABLE: No connection established. Last error: x. Resolution note: ', 14, 'StoreUnavailable', notWritten],
    ['14 UNAVAILABLE: Name resolution failed for target dns:x:2113', 14, 'StoreUnavailable', notWritten],
    ['Could not recognize Server Is Not Ready', undefined, 'StoreUnavailable', notWritten],
    ['Could not recognize Server Is Busy', undefined, 'StoreBusy', notWritten],
    ['14 UNAVAILABLE: Server Is Too Busy', 14, 'StoreBusy', notWritten],
    ['3 INVALID_ARGUMENT: bad', 3, 'InvalidInput', notWritten],
    ['12 UNIMPLEMENTED: unknown service', 12, 'NotAStore', notWritten],
    ['7 PERMISSION_DENIED: no', 7, 'AccessDenied', notWritten],
    ['16 UNAUTHENTICATED: no', 16, 'AccessDenied', notWritten],
    ['4 DEADLINE_EXCEEDED: Deadline exceeded after 1.0s,Waiting for LB pick', 4, 'StoreTimeout', notWritten],
    [
      '4 DEADLINE_EXCEEDED: Deadline exceeded after 1.0s,previous attempts: 1,Waiting for LB pick',
      4,
      'StoreTimeout',
      unknown
    ],
    ['4 DEADLINE_EXCEEDED: Deadline exceeded after 1.0s,remote_addr=::1:1', 4, 'StoreTimeout', unknown],
    ['10 ABORTED: Operation timed out: Commit phase timeout.', 10, 'StoreTimeout', unknown],
    ['1 CANCELLED: Cancelled on client', 1, 'StoreUnavailable', unknown],
    ['13 INTERNAL: Received RST_STREAM with code 0', 13, 'StoreUnavailable', unknown],
    ['14 UNAVAILABLE: Connection dropped', 14, 'StoreUnavailable', unknown],
    ['14 UNAVAILABLE: read ECONNRESET', 14, 'StoreUnavailable', unknown],
    ['write after end', undefined, 'StoreUnavailable', unknown]
  ])('%s', (message, code, tag, certainty) => {
    const cause = Object.assign(new Error(message), code === undefined ? {} : { code })
    const verdict = judge(cause)
    expect(verdict).toMatchObject({ ...certainty, error: { _tag: tag, cause } })
    expect(verdict.error.message).not.toContain('Resolution note')
  })

  it('judges every type of error that the client knows, and leaves no doubt unsaid', () => {
    const certain = Object.values(ErrorType).filter((type) => judge({ type, message: '' }).notWritten)
    expect(certain.sort()).toEqual([
      'access-denied',
      'invalid-argument',
      'invalid-transaction',
      'maximum-append-size-exceeded',
      'missing-required-metadata-property',
      'no-stream',
      'not-leader',
      'stream-deleted',
      'unsupported'
    ])
  })

  it.each([undefined, null, 0, 'text', {}, new Error(), { type: 'new in some later client' }, { code: 'ECONNRESET' }])(
    'takes %o for an unknown outcome',
    (cause) => {
      expect(judge(cause)).toMatchObject({ ...unknown, error: { _tag: 'StoreUnavailable' } })
    }
  )

  it('reads the revision of a conflict in every form', () => {
    const conflict = (actualVersion: unknown) => conflictIn({ type: 'wrong-expected-version', actualVersion })
    expect([conflict(3n), conflict(0n), conflict(-1n), conflict('no_stream')]).toEqual([3n, 0n, 'noStream', 'noStream'])
    expect(conflictIn(new Error('x'))).toBeUndefined()
  })
})
