import { nextTurn, startTicking } from '../../node/timer.ts'
import type { Connection } from '../connection.ts'
import { rollBack, type Transactions } from '../transactions.ts'
import type { KeptViews } from './kept-views.ts'

/** How soon it is noticed that others wrote, ms. */
const tickMs = 100

/** So many transactions it takes at most each time that it looks. */
const mostRounds = 100

/** Keeps the views of a store level: in its own transactions, and behind what others write to the file. */
export type LevelKeeper = {
  /**
   * To be asked before COMMIT: takes in what the transaction wrote. Whether all is in; where it wrote more than goes in at
   * once, it is to be asked again. Throws only where the transaction is lost.
   */
  readonly beforeCommit: () => boolean
  /** Looks no more. */
  readonly end: () => void
}

export const levelKeeper = (
  connection: Connection,
  { exclusively, commit }: Transactions,
  kept: KeptViews,
  busyTimeoutMs: number
): LevelKeeper => {
  // changes with every commit of another connection, and with none of this one
  const ofOthers = connection.prepare('PRAGMA data_version')
  let seen: unknown
  let isLooking = false
  let isOver = false

  /** One transaction; whether that was all. */
  const round = (): Promise<boolean> => {
    const deadlineAt = performance.now() + busyTimeoutMs
    return exclusively<boolean>(
      () => deadlineAt,
      async () => {
        try {
          const isLevel = kept.advance()
          commit()
          return isLevel
        } catch {
          rollBack(connection)
          return true
        }
      },
      () => {
        // a lock was in the way: there may still be something to take in
        seen = undefined
        return true
      }
    )
  }

  const look = async (): Promise<void> => {
    const version = ofOthers.row([])?.[0]
    if (version === seen && !kept.areBehind()) return
    seen = version
    for (let n = 0; n < mostRounds && !isOver; n++) {
      if (await round()) return
      await nextTurn()
    }
  }

  /** What goes wrong here goes wrong at the next append too, which says so. */
  const tick = async (): Promise<void> => {
    if (isLooking) return
    isLooking = true
    try {
      await look()
    } catch {
      seen = undefined
    } finally {
      isLooking = false
    }
  }

  const stop = startTicking(tickMs, tick)
  return {
    beforeCommit: kept.advance,
    end: () => {
      isOver = true
      stop()
    }
  }
}
