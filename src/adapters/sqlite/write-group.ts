import * as E from 'fp-ts/Either'
import type { Appended, AppendFailure } from '../../application/ports/event-store.ts'
import type { Connection } from './connection.ts'
import type { PackedAppend } from './packed-append.ts'
import { toStoreError } from './to-store-error.ts'
import { type CommitFailure, rollBack } from './transactions.ts'
import type { Write } from './writer.ts'

export type Result = E.Either<AppendFailure, Appended>

/** What became of a group as a whole; and, where it was committed, of each of its appends. */
export type GroupResult = E.Either<CommitFailure, ReadonlyArray<Result>>

/** So often what else goes into a transaction is asked for more at most: nobody has his turn meanwhile. */
const mostRounds = 10

/**
 * Writes a group in the transaction that is open, each append judged alone, and ends it. `beforeCommit` is what else goes
 * into it; it tells whether that was all.
 */
export const writeGroup = (
  connection: Connection,
  write: Write,
  commit: () => CommitFailure | undefined,
  group: ReadonlyArray<PackedAppend>,
  beforeCommit?: () => boolean
): GroupResult => {
  const results: Array<Result> = []
  try {
    for (const append of group) results.push(write(append))
    for (let n = 0; n < mostRounds && beforeCommit?.() === false; ) n++
  } catch (cause) {
    rollBack(connection)
    return E.left({ _tag: 'NotWritten', error: toStoreError(cause) })
  }
  const failed = commit()
  return failed === undefined ? E.right(results) : E.left(failed)
}
