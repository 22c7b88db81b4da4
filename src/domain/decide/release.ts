import type { AlreadyCompleted, ClaimLost, Released } from '../answers.ts'
import type { Release } from '../commands.ts'
import type { State } from '../state.ts'
import { type Decision, decided } from './decision.ts'
import { endReservation } from './end-reservation.ts'
import { claimLost, fenced } from './fence.ts'

/** Gives the claim back while there is no outcome; again by the same claim is the same answer. */
export const decideRelease = (command: Release, state: State): Decision<Released | AlreadyCompleted | ClaimLost> =>
  fenced<Released | AlreadyCompleted | ClaimLost>(command.holder, state, (standing) => {
    if (standing._tag === 'Over') {
      if (standing.ended?.reason === 'released')
        return decided(state, { _tag: 'Released', record: standing.ended.record })
      return decided(state, claimLost(state))
    }
    const { record } = standing.held
    if (record.outcome !== undefined) return decided(state, { _tag: 'AlreadyCompleted', record })
    const { vacant, event } = endReservation(standing.held, {
      atMs: command.atMs,
      reason: 'released',
      note: command.note
    })
    return decided(vacant, { _tag: 'Released', record }, event)
  })
