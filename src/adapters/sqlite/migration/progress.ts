import type { StoreError } from '../../../application/ports/event-store.ts'
import { heard } from '../../../application/ports/listening.ts'
import { failure } from '../../../domain/failure.ts'
import { nextTurn } from '../../node/timer.ts'

/** How far the migration of a file is: events written anew and events read back, of all that are to be. */
export type MigrationProgress = {
  /** How many events were written anew, and read back. */
  readonly done: number
  /** How many that will be: each event twice. */
  readonly total: number
}

export type OnMigration = ((progress: MigrationProgress) => void) | undefined

export type Progress = {
  /** Tells of so many more events, and lets others have their turn; what the listener throws breaks the work off. */
  readonly add: (events: number) => Promise<StoreError | undefined>
}

export const progressOf = (events: number, onMigration: OnMigration): Progress => {
  const told = onMigration && heard(onMigration)
  const total = 2 * events
  let done = 0
  return {
    add: async (more) => {
      done += more
      try {
        told?.({ done: Math.min(done, total), total })
      } catch (cause) {
        return failure('Aborted', 'the migration was broken off: onMigration failed', { cause })
      }
      await nextTurn()
      return undefined
    }
  }
}
