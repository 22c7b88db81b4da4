import * as E from 'fp-ts/Either'
import type { Append, AppendAtomically, Appended, AppendFailure } from '../../application/ports/event-store.ts'
import { disposedOf } from '../common/disposed-of.ts'
import { unfinished } from '../common/unfinished.ts'
import { untilEnd } from '../common/until-end.ts'
import { nextTurn } from '../node/timer.ts'
import type { Connection } from './connection.ts'
import { toStoreError } from './to-store-error.ts'
import { rollBack, type Transactions } from './transactions.ts'

type Failed = AppendFailure & { readonly index: number }

/** Others get their turn after so many ms; the transaction stays open, and its rows stay unseen. */
const sliceMs = 8

/** Many appends in one transaction: the first that fails takes all of them back. */
export const appendAtomically =
  (
    connection: Connection,
    { exclusively, commit }: Transactions,
    write: (append: Append) => E.Either<AppendFailure, Appended>,
    committed: () => void,
    busyTimeoutMs: number,
    end: AbortSignal,
    beforeCommit: (() => boolean) | undefined
  ): AppendAtomically =>
  (appends) =>
  async () => {
    let index = 0

    /** Throws what the caller's own iteration throws. */
    const writeAll = async (): Promise<AppendFailure | undefined> => {
      let sliceEnd = performance.now() + sliceMs
      for await (const append of untilEnd(appends, end)) {
        try {
          const result = write(append)
          if (E.isLeft(result)) return result.left
        } catch (cause) {
          return { _tag: 'NotWritten', error: toStoreError(cause) }
        }
        index++
        if (performance.now() < sliceEnd) continue
        await nextTurn()
        sliceEnd = performance.now() + sliceMs
      }
      return end.aborted ? { _tag: 'NotWritten', error: disposedOf } : undefined
    }

    /** It ends with what was written: nobody else writes meanwhile. */
    const writeViews = async (): Promise<AppendFailure | undefined> => {
      try {
        while (beforeCommit?.() === false) await nextTurn()
        return undefined
      } catch (cause) {
        return { _tag: 'NotWritten', error: toStoreError(cause) }
      }
    }

    const transaction = async (): Promise<E.Either<Failed, void>> => {
      let failed: AppendFailure | undefined
      try {
        failed = await writeAll()
      } catch (cause) {
        failed = { _tag: 'NotWritten', error: unfinished(cause) }
      }
      failed ??= await writeViews()
      if (failed === undefined) failed = commit()
      else rollBack(connection)
      if (failed !== undefined) return E.left({ ...failed, index })
      committed()
      return E.right(undefined)
    }

    const deadlineAt = performance.now() + busyTimeoutMs
    return exclusively<E.Either<Failed, void>>(
      () => deadlineAt,
      transaction,
      (error) => E.left({ _tag: 'NotWritten', error, index })
    )
  }
