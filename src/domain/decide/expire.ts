import type { Expired, NotDue, NotHeld } from '../answers.ts'
import type { Expire, ExpireByOperator } from '../commands.ts'
import { isRetentionOver } from '../due.ts'
import type { State } from '../state.ts'
import { type Decision, decided } from './decision.ts'
import { endReservation } from './end-reservation.ts'

/** Ends a record whose retention is over. Lapsed leases are not swept: they are taken over on demand. */
export const decideExpire = (command: Expire, state: State): Decision<Expired | NotDue> => {
  if (state._tag === 'Vacant') return decided(state, { _tag: 'NotDue' })
  const { record } = state
  if (!isRetentionOver(record, command.atMs, command.policy)) return decided(state, { _tag: 'NotDue', record })
  const { vacant, event } = endReservation(state, { atMs: command.atMs, reason: 'retention' })
  return decided(vacant, { _tag: 'Expired', record }, event)
}

/** An operator ends a reservation, whatever it holds. */
export const decideExpireByOperator = (command: ExpireByOperator, state: State): Decision<Expired | NotHeld> => {
  if (state._tag === 'Vacant') return decided(state, { _tag: 'NotHeld' })
  const { record } = state
  const { vacant, event } = endReservation(state, { atMs: command.atMs, reason: 'operator', note: command.note })
  return decided(vacant, { _tag: 'Expired', record }, event)
}
