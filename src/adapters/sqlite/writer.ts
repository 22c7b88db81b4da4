import * as E from 'fp-ts/Either'
import type { Append, Appended, AppendFailure } from '../../application/ports/event-store.ts'
import { type ActualRevision, nextRevision } from '../../domain/expected-revision.ts'
import { appendFault } from '../port-fault.ts'
import type { Connection } from './connection.ts'
import { isOutOfPlace } from './to-store-error.ts'

/** Judges and writes one append within the transaction that is open. Throws where the transaction is lost. */
export type Write = (append: Append) => E.Either<AppendFailure, Appended>

const columns = 'stream, revision, id, type, data, metadata, recorded_at_ms'

/**
 * Judges an append by the insert itself (SPEC section 8): the first event finds its place taken, or no event before
 * it, and only then the stream is looked at.
 */
export const writer = (connection: Connection, now: () => number): Write => {
  const insert = connection.prepare(`INSERT INTO events (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)`)
  // without an event before it the revision is NULL, which the table refuses as it refuses a place that is taken
  const insertAfter = connection.prepare(
    `INSERT INTO events (${columns})
     VALUES (?1, (SELECT ?2 FROM events WHERE stream = ?1 AND revision = ?2 - 1), ?3, ?4, ?5, ?6, ?7)`
  )
  const last = connection.prepare('SELECT max(revision) FROM events WHERE stream = ?')
  const ids = connection.prepare('SELECT id FROM events WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?')

  const actualOf = (stream: string): ActualRevision => {
    const revision = last.rows([stream])[0]?.[0]
    return revision === null || revision === undefined ? 'noStream' : BigInt(Number(revision))
  }

  const repeatedOrConflict = ({ stream, events }: Append, first: number): E.Either<AppendFailure, Appended> => {
    const there = ids.rows([stream, first, events.length])
    return events.every(({ id }, index) => there[index]?.[0] === id)
      ? E.right({ revision: BigInt(first + events.length - 1) })
      : E.left({ _tag: 'WrongExpectedRevision', actual: actualOf(stream) })
  }

  return (append) => {
    const { stream, expected, events } = append
    const wrong = appendFault(append)
    if (wrong !== undefined) return E.left({ _tag: 'NotWritten', error: wrong })
    const first = Number(nextRevision(expected))
    const at = now()
    for (const [index, { id, type, data, metadata }] of events.entries()) {
      const statement = index === 0 && expected._tag === 'Exactly' ? insertAfter : insert
      try {
        statement.run([stream, first + index, id, type, data, metadata, at])
      } catch (cause) {
        // only the first event can find its place taken: nobody else writes while this transaction is open
        if (index === 0 && isOutOfPlace(cause)) return repeatedOrConflict(append, first)
        throw cause
      }
    }
    return E.right({ revision: BigInt(first + events.length - 1) })
  }
}
