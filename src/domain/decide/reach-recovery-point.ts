import type { AlreadyCompleted, ClaimLost, Reached } from '../answers.ts'
import type { ReachRecoveryPoint } from '../commands.ts'
import type { LedgerEvent } from '../events/ledger-event.ts'
import { hasPoint, pointFault, pointOf } from '../recovery-points.ts'
import type { State } from '../state.ts'
import { type Decision, decided, decidedBy, refused } from './decision.ts'
import { claimLost, fenced } from './fence.ts'

/** Writes down how far the holder got. The same point with the same data again is the same answer, and no event. */
export const decideReachRecoveryPoint = (
  command: ReachRecoveryPoint,
  state: State
): Decision<Reached | AlreadyCompleted | ClaimLost> =>
  fenced<Reached | AlreadyCompleted | ClaimLost>(command.holder, state, (standing) => {
    if (standing._tag === 'Over') return decided(state, claimLost(state))
    const { record } = standing.held
    if (record.outcome !== undefined) return decided(state, { _tag: 'AlreadyCompleted', record })
    const point = pointOf(command)
    if (hasPoint(record.recoveryPoints, point)) return decided(state, { _tag: 'Reached', record })
    const fault = pointFault(record.recoveryPoints, point)
    if (fault !== undefined) return refused(fault)
    const event: LedgerEvent = {
      type: 'RecoveryPointReached',
      data: { atMs: command.atMs, ...command.holder, ...point }
    }
    return decidedBy(state, event, record, (reached) => ({ _tag: 'Reached', record: reached }))
  })
