import * as E from 'fp-ts/Either'
import type { Append, Appended, AppendFailure, ProposedEvent, StoreError } from '../../application/ports/event-store.ts'
import { type ActualRevision, nextRevision } from '../../domain/expected-revision.ts'
import { failure } from '../../domain/failure.ts'
import { utf8Bytes } from '../../domain/text.ts'
import { appendFault } from '../common/port-fault.ts'
import { recordingTime } from '../common/recording-time.ts'
import { packed } from './codec/event-body.ts'
import { streamName } from './codec/stream-name.ts'
import type { Connection } from './connection.ts'
import type { LastPosition } from './lineage.ts'
import { outOfReach } from './neighbours.ts'
import { isCount, maxEventBytes } from './row.ts'
import { insert, insertAfter, lastRevision, nameStrays, schema2 } from './schema-2/schema-2.ts'
import { isOutOfPlace } from './to-store-error.ts'

/** Judges and writes one append within the transaction that is open. Throws where the transaction is lost. */
export type Write = (append: Append) => E.Either<AppendFailure, Appended>

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

/** For a file that is only read: it is of an earlier schema, and could not be migrated. */
export const noWriter: Write = () =>
  notWritten(
    failure('StoreReadOnly', 'the file is of an earlier schema, and could not be migrated: it is read as it is')
  )

/**
 * Judges an append by the insert itself (SPEC section 8): the first event finds its place taken, or no event before
 * it, and only then the stream is looked at.
 */
export const writer = (connection: Connection, last: LastPosition, now: () => number): Write => {
  const inserting = connection.prepare(insert)
  const insertingAfter = connection.prepare(insertAfter)
  const greatest = connection.prepare(lastRevision)
  const strays = connection.prepare(nameStrays)
  const there = connection.prepare(schema2.forwards)

  const actualOf = (name: Buffer): E.Either<StoreError, ActualRevision> => {
    const row = greatest.row([name])
    if (row === undefined) return E.right('noStream')
    const [revision] = row
    return isCount(revision)
      ? E.right(BigInt(revision))
      : E.left(failure('CorruptStream', 'the last revision of the stream is none: the file is damaged'))
  }

  /** Whether an event is there already. One that cannot be read is another. */
  const isThere = (stream: string, name: Buffer, revision: number, id: string): boolean => {
    const row = there.row([name, revision, 1])
    const found = row && schema2.read(row, stream)
    return found !== undefined && E.isRight(found) && found.right.revision === BigInt(revision) && found.right.id === id
  }

  const repeatedOrConflict = (
    { stream, events }: Append,
    name: Buffer,
    first: number
  ): E.Either<AppendFailure, Appended> => {
    const repeated = events.every(({ id }, index) => isThere(stream, name, first + index, id))
    if (repeated) return E.right({ revision: BigInt(first + events.length - 1) })
    const actual = actualOf(name)
    return E.isLeft(actual) ? notWritten(actual.left) : E.left({ _tag: 'WrongExpectedRevision', actual: actual.right })
  }

  return (append) => {
    const { stream, expected, events } = append
    const wrong = fault(append)
    if (wrong !== undefined) return notWritten(wrong)
    const at = recordingTime(now)
    if (E.isLeft(at)) return notWritten(at.left)
    const name = streamName(stream)
    // nobody reads a stream before its first event: here damage would grant a key twice
    if (expected._tag === 'NoStream' && strays.row([name]) !== undefined) return notWritten(outOfReach)
    const first = Number(nextRevision(expected))
    const start = Math.max(last.known, last.written) + 1
    for (const [index, event] of events.entries()) {
      const { type, body } = packed(event, stream, first + index === 0)
      const position = start + index
      try {
        if (expected._tag === 'NoStream') {
          inserting.run([position, start, index, index === 0 ? name : null, type, at.right, body])
        } else insertingAfter.run([name, position, first + index, type, at.right, body])
      } catch (cause) {
        // only the first event can find its place taken: nobody else writes while this transaction is open
        if (index === 0 && isOutOfPlace(cause)) return repeatedOrConflict(append, name, first)
        throw cause
      }
      last.written = position
    }
    return E.right({ revision: BigInt(first + events.length - 1) })
  }
}
