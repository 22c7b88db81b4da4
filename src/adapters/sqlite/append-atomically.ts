import * as E from 'fp-ts/Either'
import type { AppendAtomically, AppendFailure } from '../../application/ports/event-store.ts'
import type { Connection } from './connection.ts'
import { commitFailure, rollBack, type Transactions } from './group-commit.ts'
import { toStoreError } from './to-store-error.ts'
import type { Write } from './writer.ts'

type Failed = AppendFailure & { readonly index: number }

/** Others get their turn after so many ms; the transaction stays open, and its rows stay unseen. */
const sliceMs = 8

/** Many appends in one transaction: the first that fails takes all of them back. */
export const appendAtomically =
  (connection: Connection, { exclusively }: Transactions, write: Write, committed: () => void): AppendAtomically =>
  (appends) =>
  () =>
    exclusively<E.Either<Failed, void>>(
      async () => {
        let index = 0
        try {
          let sliceEnd = performance.now() + sliceMs
          for await (const append of appends) {
            const result = write(append)
            if (E.isLeft(result)) {
              rollBack(connection)
              return E.left({ ...result.left, index })
            }
            index++
            if (performance.now() < sliceEnd) continue
            await new Promise((resolve) => setImmediate(resolve))
            sliceEnd = performance.now() + sliceMs
          }
        } catch (cause) {
          rollBack(connection)
          return E.left({ _tag: 'NotWritten', error: toStoreError(cause), index })
        }
        try {
          connection.exec('COMMIT')
        } catch (cause) {
          rollBack(connection)
          return E.left({ ...commitFailure(cause), index })
        }
        committed()
        return E.right(undefined)
      },
      (error) => E.left({ _tag: 'NotWritten', error, index: 0 })
    )
