import * as E from 'fp-ts/Either'
import type { ConfirmCurrent, EventStore } from '../../application/ports/event-store.ts'
import { disposedOf } from './disposed-of.ts'

/**
 * A store whose reads are never behind says so, until its end; of its own reads alone: a view that is made of it by spread
 * may read in another way, and does not have this.
 */
export const alwaysCurrent = <S extends EventStore>(store: S, end: AbortSignal): S => {
  const confirmCurrent: ConfirmCurrent = () => async () => (end.aborted ? E.left(disposedOf) : E.right('always'))
  return Object.defineProperty(store, 'confirmCurrent', { value: confirmCurrent })
}
