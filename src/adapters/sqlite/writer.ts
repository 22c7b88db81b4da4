import * as E from 'fp-ts/Either'
import type { Append, Appended, AppendFailure, ProposedEvent, StoreError } from '../../application/ports/event-store.ts'
import { type ActualRevision, nextRevision } from '../../domain/expected-revision.ts'
import { failure } from '../../domain/failure.ts'
import { utf8Bytes } from '../../domain/text.ts'
import { appendFault } from '../common/port-fault.ts'
import { recordingTime } from '../common/recording-time.ts'
import type { Connection } from './connection.ts'
import type { LastPosition } from './lineage.ts'
import { neighbours } from './neighbours.ts'
import { maxEventBytes } from './row.ts'
import { isOutOfPlace } from './to-store-error.ts'

/** Judges and writes one append within the transaction that is open. Throws where the transaction is lost. */
export type Write = (append: Append) => E.Either<AppendFailure, Appended>

const columns = 'stream, revision, id, type, data, metadata, recorded_at_ms'

const notWritten = (error: StoreError): E.Either<AppendFailure, never> => E.left({ _tag: 'NotWritten', error })

/** Each of its units may take three bytes; only where that would be too many are they counted. */
const isTooLarge = (stream: string, { id, type, data, metadata }: ProposedEvent): boolean => {
  const texts = [stream, id, type, data, metadata]
  return (
    3 * texts.reduce((sum, { length }) => sum + length, 0) > maxEventBytes &&
    texts.reduce((sum, text) => sum + utf8Bytes(text), 0) > maxEventBytes
  )
}

/** What no store takes; and what no file may hold, though SQLite would take it. */
const fault = (append: Append): StoreError | undefined =>
  appendFault(append) ??
  (append.events.some((event) => isTooLarge(append.stream, event))
    ? failure('LimitExceeded', `an event holds at most ${maxEventBytes} bytes`, { limit: maxEventBytes })
    : undefined)

/**
 * Judges an append by the insert itself (SPEC section 8): the first event finds its place taken, or no event before
 * it, and only then the stream is looked at.
 */
export const writer = (connection: Connection, last: LastPosition, now: () => number): Write => {
  const insert = connection.prepare(`INSERT INTO events (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)`)
  // without an event before it the revision is NULL, which the table refuses as it refuses a place that is taken
  const insertAfter = connection.prepare(
    `INSERT INTO events (${columns})
     VALUES (?1, (SELECT ?2 FROM events WHERE stream = ?1 AND revision = ?2 - 1), ?3, ?4, ?5, ?6, ?7)`
  )
  const greatest = connection.prepare(
    "SELECT CASE typeof(revision) WHEN 'integer' THEN revision END FROM events WHERE stream = ? ORDER BY revision DESC LIMIT 1"
  )
  const outOfReach = neighbours(connection)
  // compared where it lies: what comes out of the file must not be text
  const isThere = connection.prepare('SELECT count(*) FROM events WHERE stream = ? AND revision = ? AND id = ?')

  const actualOf = (stream: string): E.Either<StoreError, ActualRevision> => {
    const row = greatest.row([stream])
    if (row === undefined) return E.right('noStream')
    const [revision] = row
    return typeof revision === 'number' && Number.isSafeInteger(revision) && revision >= 0
      ? E.right(BigInt(revision))
      : E.left(failure('CorruptStream', 'the last revision of the stream is none: the file is damaged'))
  }

  const repeatedOrConflict = ({ stream, events }: Append, first: number): E.Either<AppendFailure, Appended> => {
    const repeated = events.every(({ id }, index) => isThere.row([stream, first + index, id])?.[0] === 1)
    if (repeated) return E.right({ revision: BigInt(first + events.length - 1) })
    const actual = actualOf(stream)
    return E.isLeft(actual) ? notWritten(actual.left) : E.left({ _tag: 'WrongExpectedRevision', actual: actual.right })
  }

  return (append) => {
    const { stream, expected, events } = append
    const wrong = fault(append)
    if (wrong !== undefined) return notWritten(wrong)
    const at = recordingTime(now)
    if (E.isLeft(at)) return notWritten(at.left)
    // nobody reads a stream before its first event: here damage would grant a key twice
    const stray = expected._tag === 'NoStream' ? outOfReach(stream, -1) : undefined
    if (stray !== undefined) return notWritten(stray)
    const first = Number(nextRevision(expected))
    for (const [index, { id, type, data, metadata }] of events.entries()) {
      const statement = index === 0 && expected._tag === 'Exactly' ? insertAfter : insert
      try {
        const { lastInsertRowid } = statement.run([stream, first + index, id, type, data, metadata, at.right])
        last.written = lastInsertRowid
      } catch (cause) {
        // only the first event can find its place taken: nobody else writes while this transaction is open
        if (index === 0 && isOutOfPlace(cause)) return repeatedOrConflict(append, first)
        throw cause
      }
    }
    return E.right({ revision: BigInt(first + events.length - 1) })
  }
}
