import * as E from 'fp-ts/Either'
import type { StoreError } from '../../../application/ports/event-store.ts'
import type { Inline, ViewsBesideLog } from '../../../application/ports/inline.ts'
import type { Connection } from '../connection.ts'
import type { LastPosition } from '../lineage.ts'
import type { PackedAppend } from '../packed-append.ts'
import { toStoreError } from '../to-store-error.ts'
import { logWithin } from '../views/log-within.ts'
import { forget, viewMemory } from '../views/memory.ts'
import { viewTables } from '../views/tables.ts'
import { freshEvents } from './fresh-events.ts'

/** So long a view that could not be kept is left alone, ms: it would cost every append a try. */
const restMs = 1000

/** The views that a store keeps level with its log. */
export type KeptViews = {
  /** A transaction has begun. Throws what SQLite throws. */
  readonly begin: () => void
  /** Told of what the open transaction has written to the log. */
  readonly wrote: (append: PackedAppend, firstPosition: number) => void
  /** The transaction was committed. */
  readonly committed: () => void
  /** Makes what they need, within the transaction that is open. Throws what SQLite throws. */
  readonly prepare: () => E.Either<StoreError, void>
  /**
   * Takes in what the open transaction has of the log, with what it has written itself, up to a bound; whether none of
   * them could take in more at once. One that cannot be kept is left behind, which a process warning says: once, until it
   * is level again. Throws only where the transaction is lost.
   */
  readonly advance: () => boolean
  /** Whether there is more for one of them to take in, as far as is known. */
  readonly areBehind: () => boolean
}

type Kept = { readonly view: Inline; isLevel: boolean; restsUntil: number; isTold: boolean }

const warn = (name: string, { _tag, message }: StoreError): void => {
  process.emitWarning(`the inline view ${name} is behind the log: ${_tag}: ${message}`, {
    type: 'KeyfoldWarning',
    code: 'KEYFOLD_INLINE_BEHIND'
  })
}

/** Views over the connection that writes the log. Their tables are there. */
export const keptViews = (connection: Connection, last: LastPosition, inline: ReadonlyArray<Inline>): KeptViews => {
  const memory = viewMemory()
  const fresh = freshEvents()
  const log = logWithin(connection, last)
  const views: ViewsBesideLog = {
    ...viewTables(connection, 'at once', memory),
    ...log,
    readLog: (after, streamPrefix, maxCount) => {
      const at = fresh.after(Number(after), streamPrefix, maxCount)
      return at === undefined ? log.readLog(after, streamPrefix, maxCount) : E.right(at)
    }
  }
  // changes with every commit of another connection, and with none of this one
  const ofOthers = connection.prepare('PRAGMA data_version')
  let version: unknown
  let isCommitted = false
  const all = inline.map((view): Kept => ({ view, isLevel: false, restsUntil: 0, isTold: false }))

  /** What one does is taken back by itself; where it has taken the whole transaction with it, there is no savepoint any more. */
  const attempt = ({ view }: Kept): E.Either<StoreError, boolean> => {
    connection.exec('SAVEPOINT inline')
    let done: E.Either<StoreError, boolean>
    try {
      done = view.advance(views)
    } catch (cause) {
      done = E.left(toStoreError(cause))
    }
    if (E.isLeft(done)) {
      forget(memory)
      connection.exec('ROLLBACK TO inline')
    }
    connection.exec('RELEASE inline')
    return done
  }

  return {
    begin: () => {
      fresh.begin()
      const now = ofOthers.row([])?.[0]
      if (now !== version || !isCommitted) forget(memory)
      version = now
      isCommitted = false
    },
    wrote: fresh.wrote,
    committed: () => {
      isCommitted = true
    },
    prepare: () => {
      for (const { view } of all) {
        const prepared = view.prepare(views)
        if (E.isLeft(prepared)) return prepared
      }
      return E.right(undefined)
    },
    advance: () => {
      let isLevel = true
      for (const kept of all) {
        if (kept.restsUntil > performance.now()) continue
        const done = attempt(kept)
        kept.isLevel = E.isRight(done) && done.right
        if (E.isRight(done)) {
          isLevel &&= done.right
          if (done.right) kept.isTold = false
          continue
        }
        if (!kept.isTold) warn(kept.view.name, done.left)
        kept.isTold = true
        kept.restsUntil = performance.now() + restMs
      }
      return isLevel
    },
    // what a transaction took in that was taken back is to be taken in again
    areBehind: () => !isCommitted || all.some(({ isLevel, restsUntil }) => !isLevel && restsUntil <= performance.now())
  }
}
