import { ErrorType } from '@eventstore/db-client'
import { describe, expect, it } from 'vitest'
import { conflictIn, judge } from '../../../../src/adapters/eventstoredb/calls/to-store-error.ts'
import { serverErrors } from '../../../../src/testing/eventstoredb-stand-in/fault-rules.ts'
import { documented, examples, testedApart } from './error-table.ts'

const withTag = documented.filter(({ tag }) => tag !== undefined)

describe('the documented table of errors', () => {
  it('has an example for every row, and a row for every example', () => {
    expect(withTag.length).toBeGreaterThan(10)
    const rows = withTag.map(({ given }) => given)
    expect([...Object.keys(examples), ...testedApart].sort()).toEqual([...rows].sort())
  })

  it('places every error that a server can send, and every fault, once', () => {
    const sent = Object.values(examples).flatMap((row) => row.sent ?? [])
    expect([...sent].sort()).toEqual([...Object.keys(serverErrors), 'drop', 'freeze', 'hang'].sort())
  })

  it.each(withTag.flatMap((row) => (examples[row.given]?.given ?? []).map((cause) => ({ ...row, cause }))))(
    '$cause',
    ({ tag, append, cause }) => {
      const verdict = judge(cause)
      expect(verdict).toMatchObject({ notWritten: append === 'not written', error: { _tag: tag, cause } })
      expect(verdict.error.message).not.toContain('Resolution note')
    }
  )
})

describe('errors judged as they are', () => {
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
      'unsupported',
      'wrong-expected-version'
    ])
  })

  it('tells what another node may do better', () => {
    const elsewhere = Object.entries(examples).filter(([, { given = [] }]) =>
      given.some((cause) => judge(cause).elsewhere)
    )
    expect(elsewhere.map(([row]) => row)).toEqual([
      '`NotLeaderError`, "No leader info available", "Server Is Not Ready"',
      "discovery found no node, or another call's failure closed the channel",
      'the nodes of a cluster do not answer'
    ])
    expect(judge({ type: 'not-leader' }).elsewhere).toBe(true)
  })

  it.each([undefined, null, 0, 'text', {}, new Error(), { type: 'new in some later client' }, { code: 'ECONNRESET' }])(
    'takes %o for an unknown outcome',
    (cause) => {
      expect(judge(cause)).toMatchObject({ notWritten: false, elsewhere: false, error: { _tag: 'StoreUnavailable' } })
    }
  )

  it('reads the revision of a conflict, where it is one', () => {
    const conflict = (...actual: ReadonlyArray<string>) => {
      const trailers = { exception: ['wrong-expected-version'], 'actual-version': actual }
      return conflictIn({ code: 9, metadata: { get: (key: keyof typeof trailers) => trailers[key] } })
    }
    expect([conflict('3'), conflict('0'), conflict('-1')]).toEqual([3n, 0n, 'noStream'])
    for (const none of [conflict(), conflict('x'), conflict('9'.repeat(19)), conflict(String(2n ** 63n))]) {
      expect(none).toBeUndefined()
    }
    expect(conflictIn(new Error('x'))).toBeUndefined()
  })
})
