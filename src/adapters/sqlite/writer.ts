import * as E from 'fp-ts/Either'
import type { Appended, AppendFailure, StoreError } from '../../application/ports/event-store.ts'
import type { ActualRevision } from '../../domain/expected-revision.ts'
import { failure } from '../../domain/failure.ts'
import { haveOtherIds, type Packed, unpacked } from './codec/event-body.ts'
import { streamOf } from './codec/stream-name.ts'
import type { Connection } from './connection.ts'
import type { LastPosition } from './lineage.ts'
import { outOfReach } from './neighbours.ts'
import type { PackedAppend } from './packed-append.ts'
import { isCount } from './row.ts'
import { bodyIn } from './schema-2/recorded.ts'
import {
  insert,
  insertAfter,
  insertAfterIfFree,
  insertIfFree,
  lastRevision,
  nameStrays,
  schema2
} from './schema-2/schema-2.ts'
import { isOutOfPlace } from './to-store-error.ts'

/** Writes one append within the transaction that is open, or tells why not. Throws where the transaction is lost. */
export type Write = (append: PackedAppend) => E.Either<AppendFailure, Appended>

const notWritten = (error: StoreError): E.Either<AppendFailure, never> => E.left({ _tag: 'NotWritten', error })

/** For a file that is only read: it is of an earlier schema, and could not be migrated. */
export const noWriter: Write = () =>
  notWritten(
    failure('StoreReadOnly', 'the file is of an earlier schema, and could not be migrated: it is read as it is')
  )

/** What an append is answered that is written, now or before. */
export const lastOf = ({ first, events }: PackedAppend): Appended => ({ revision: BigInt(first + events.length - 1) })

/**
 * Judges an append by the insert itself (SPEC section 8): the first event finds its place taken, or no event before
 * it, and only then the stream is looked at.
 */
export const writer = (connection: Connection, last: LastPosition): Write => {
  const placing = connection.prepare(insertIfFree)
  const placingAfter = connection.prepare(insertAfterIfFree)
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

  /** Whether all its events are there already, at their revisions. One that cannot be read is another. */
  const isRepeated = ({ name, first, events }: PackedAppend): boolean => {
    const stream = streamOf(name)
    return (
      stream !== undefined &&
      events.every(({ type, body }, index) => {
        const revision = first + index
        const row = there.row([name, revision, 1])
        const stored = row && bodyIn(row)
        // which is what mostly stands there, and most of what it costs to tell
        if (row === undefined || stored === undefined || haveOtherIds(stored, body)) return false
        const found = schema2.read(row, stream)
        if (E.isLeft(found) || found.right.revision !== BigInt(revision)) return false
        return found.right.id === unpacked(type, body, stream)?.id
      })
    )
  }

  const repeatedOrConflict = (append: PackedAppend): E.Either<AppendFailure, Appended> => {
    if (isRepeated(append)) return E.right(lastOf(append))
    const actual = actualOf(append.name)
    return E.isLeft(actual) ? notWritten(actual.left) : E.left({ _tag: 'WrongExpectedRevision', actual: actual.right })
  }

  /** Inserts the first event of an append, unless its place is taken, or there is no event before it. */
  const place = ({ name, isNew, first, at }: PackedAppend, position: number, { type, body }: Packed): boolean => {
    try {
      const { changes } = isNew
        ? placing.run([position, position, 0, name, type, at, body])
        : placingAfter.run([name, position, first, type, at, body])
      return changes === 1
    } catch (cause) {
      if (isOutOfPlace(cause)) return false
      throw cause
    }
  }

  return (append) => {
    const { name, isNew, first, at, events } = append
    // nobody reads a stream before its first event: here damage would grant a key twice
    if (isNew && strays.row([name]) !== undefined) return notWritten(outOfReach)
    const start = Math.max(last.known, last.written) + 1
    for (const [index, event] of events.entries()) {
      const position = start + index
      const { type, body } = event
      // only the first event can find its place taken: nobody else writes while this transaction is open
      if (index === 0) {
        if (!place(append, position, event)) return repeatedOrConflict(append)
      } else if (isNew) inserting.run([position, start, index, null, type, at, body])
      else insertingAfter.run([name, position, first + index, type, at, body])
      last.written = position
    }
    return E.right(lastOf(append))
  }
}
