import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { nonsense, notFound } from '../../../../src/adapters/eventstoredb/client/server-error.ts'
import type { ServerError } from '../../../../src/testing/eventstoredb.ts'

type Row = {
  /** What the client gives, in the words of the table. */
  readonly given: string
  readonly tag: string | undefined
  readonly append: string
}

const page = readFileSync(resolve(import.meta.dirname, '../../../../docs/reference/failures.md'), 'utf8')

/** The table that users read: the tests hold the code to it. */
export const documented: ReadonlyArray<Row> =
  page
    .slice(page.indexOf('| what the client gives |'))
    .split('\n\n', 1)[0]
    ?.split('\n')
    .slice(2)
    .map((line) => {
      const [, given = '', tag = '', append = ''] = line.split('|').map((cell) => cell.trim())
      return { given, tag: /^`(\w+)`/.exec(tag)?.[1], append }
    }) ?? []

const error = (message: string, facts: object = {}): Error => Object.assign(new Error(message), facts)

type Examples = {
  /** What a server sends, or does, such that the client gives this. */
  readonly sent?: ReadonlyArray<ServerError | 'drop' | 'freeze' | 'hang'>
  /** Errors in the client's form that no unary append of 6.2.1 brings about on purpose. */
  readonly given?: ReadonlyArray<unknown>
}

/** Examples of each row that has a tag, but for what only the adapter itself can tell. */
export const examples: { readonly [given: string]: Examples } = {
  '`NotLeaderError`, "No leader info available", "Server Is Not Ready"': {
    sent: ['notLeader', 'noLeader', 'notReady'],
    given: [
      error('2 UNKNOWN: Could not recognize No leader info available in response', { type: 'unknown', code: 2 }),
      error('Could not recognize Server Is Not Ready', { type: 'unknown' }),
      error('14 UNAVAILABLE: Server Is Not Ready', { type: 'unavailable', code: 14 })
    ]
  },
  "discovery found no node, or another call's failure closed the channel": {
    given: [
      error('Failed to discover after 10 attempts.'),
      error('Channel has been shut down'),
      error('14 UNAVAILABLE: Channel closed before call started', { type: 'unavailable', code: 14 })
    ]
  },
  'the nodes of a cluster do not answer': { given: [notFound(true)] },
  'a conflict that does not tell the revision': { given: [error('', { type: 'wrong-expected-version', code: 9 })] },
  'a message in a read that no server sends: an event without an id, a revision of 2^64 - 1, …': {
    given: [nonsense('an event without an id')]
  },
  'no connection established: refused, TLS mismatch, name not found': {
    given: [
      error('14 UNAVAILABLE: No connection established. Last error: x. Resolution note: ', { code: 14 }),
      error('14 UNAVAILABLE: Name resolution failed for target dns:x:2113', { type: 'unavailable', code: 14 })
    ]
  },
  '"Server Is Busy", "Server Is Too Busy"': {
    sent: ['tooBusy'],
    given: [
      error('Could not recognize Server Is Busy', { type: 'unknown' }),
      error('14 UNAVAILABLE: Server Is Too Busy', { type: 'unavailable', code: 14 })
    ]
  },
  '`UnavailableError`, `CancelledError`, `UnknownError` of any other kind, raw gRPC errors': {
    sent: ['drop', 'unavailable', 'cancelled', 'internal', 'unknown'],
    given: [
      error('14 UNAVAILABLE: Connection dropped', { code: 14, details: 'Connection dropped', metadata: {} }),
      error('14 UNAVAILABLE: read ECONNRESET', { type: 'unavailable', code: 14 }),
      error('1 CANCELLED: Cancelled on client', { type: 'unknown', code: 1 }),
      error('1 CANCELLED: Call cancelled', { type: 'cancelled', code: 1 }),
      error('13 INTERNAL: Received RST_STREAM with code 0 (Call ended without gRPC status)', { code: 13 }),
      error('15 DATA_LOSS: x', { type: 'unknown', code: 15 }),
      error('8 RESOURCE_EXHAUSTED: x', { type: 'unknown', code: 8 }),
      error('write after end', { type: 'unavailable' }),
      // words of gRPC's that somebody else says, who may have passed the call on
      error('14 UNAVAILABLE: upstream reset; No connection established', { type: 'unavailable', code: 14 }),
      error('2 UNKNOWN: Exception: Channel closed before call started', { type: 'unknown', code: 2 })
    ]
  },
  '`DeadlineExceededError` while no connection came about': {
    given: [
      error('4 DEADLINE_EXCEEDED: Deadline exceeded after 1.0s,Waiting for LB pick', {
        type: 'deadline-exceeded',
        code: 4
      }),
      error('4 DEADLINE_EXCEEDED: Deadline exceeded after 1.0s,waiting for name resolution', { code: 4 }),
      error('4 DEADLINE_EXCEEDED: Deadline exceeded after 1.0s,name resolution: 0.9s,waiting for metadata filters', {
        code: 4
      })
    ]
  },
  "`TimeoutError` (prepare, commit or forward time-out), any other `DeadlineExceededError`, the adapter's own timer": {
    sent: ['timeout', 'slowConsumer', 'deadline', 'hang', 'freeze'],
    given: [
      error('', { type: 'deadline-exceeded' }),
      error('10 ABORTED: Operation timed out: Commit phase timeout.', { code: 10 }),
      error('4 DEADLINE_EXCEEDED: Deadline exceeded after 1.0s,remote_addr=::1:1', { code: 4 }),
      error('4 DEADLINE_EXCEEDED: Deadline exceeded after 1.0s,previous attempts: 1,Waiting for LB pick', { code: 4 })
    ]
  },
  '`AccessDeniedError`': {
    sent: ['accessDenied', 'unauthenticated'],
    given: [error('7 PERMISSION_DENIED: no', { code: 7 }), error('16 UNAUTHENTICATED: no', { code: 16 })]
  },
  '`StreamDeletedError` (tombstone)': { sent: ['streamDeleted'] },
  "`MaxAppendSizeExceededError`, `InvalidTransactionError`, an event over the server's limit, or over what it takes in one message":
    {
      sent: ['maxAppendSize', 'invalidTransaction', 'maxEventSize'],
      given: [error('8 RESOURCE_EXHAUSTED: Received message exceeds the maximum configured message size.', { code: 8 })]
    },
  '`RequiredMetadataPropertyMissingError`, any other INVALID_ARGUMENT': {
    sent: ['missingMetadata'],
    given: [error('3 INVALID_ARGUMENT: bad', { type: 'unknown', code: 3 })]
  },
  'UNIMPLEMENTED, `UnsupportedError`': {
    sent: ['unimplemented'],
    given: [error('x requires server version 21.10 or higher.', { type: 'unsupported' })]
  }
}

/** Rows that are tested apart: what they tell of is no single error. */
export const testedApart = ["the adapter's own timer, before a node was found", 'the same in the answer to an append']
