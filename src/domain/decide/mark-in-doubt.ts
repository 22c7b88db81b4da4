import type { AlreadyCompleted, ClaimLost, Marked } from '../answers.ts'
import type { MarkInDoubt } from '../commands.ts'
import type { LedgerEvent } from '../events/ledger-event.ts'
import type { State } from '../state.ts'
import { type Decision, decided, decidedBy } from './decision.ts'
import { claimLost, fenced } from './fence.ts'

/** The holder does not know whether its effect happened. It says so once, and may still complete or release. */
export const decideMarkInDoubt = (
  command: MarkInDoubt,
  state: State
): Decision<Marked | AlreadyCompleted | ClaimLost> =>
  fenced<Marked | AlreadyCompleted | ClaimLost>(command.holder, state, (standing) => {
    if (standing._tag === 'Over') return decided(state, claimLost(state))
    const { record } = standing.held
    if (record.outcome !== undefined) return decided(state, { _tag: 'AlreadyCompleted', record })
    if (record.inDoubt !== undefined) return decided(state, { _tag: 'Marked', record })
    const event: LedgerEvent = {
      type: 'MarkedInDoubt',
      data: {
        atMs: command.atMs,
        ...command.holder,
        ...(command.note === undefined ? {} : { note: command.note })
      }
    }
    return decidedBy(state, event, record, (marked) => ({ _tag: 'Marked', record: marked }))
  })
