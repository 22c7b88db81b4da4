import type { AlreadyCompleted, ClaimLost, Renewed } from '../answers.ts'
import type { Renew } from '../commands.ts'
import type { LedgerEvent } from '../events/ledger-event.ts'
import { invalidInput } from '../failure.ts'
import { after } from '../instant.ts'
import type { State } from '../state.ts'
import { type Decision, decided, decidedBy, refused } from './decision.ts'
import { claimLost, fenced } from './fence.ts'

/** Prolongs the lease, also a lapsed one that nobody took. The end never moves back; where it stays, nothing is written. */
export const decideRenew = (command: Renew, state: State): Decision<Renewed | AlreadyCompleted | ClaimLost> =>
  fenced<Renewed | AlreadyCompleted | ClaimLost>(command.holder, state, (standing) => {
    if (standing._tag === 'Over') return decided(state, claimLost(state))
    const { record } = standing.held
    if (record.outcome !== undefined) return decided(state, { _tag: 'AlreadyCompleted', record })
    const until = after(command.atMs, command.lease)
    if (until === undefined) return refused(invalidInput('the lease ends beyond the safe integers', '$.leaseMs'))
    const { leaseExpiresAtMs } = record
    if (leaseExpiresAtMs !== undefined && until <= leaseExpiresAtMs) {
      return decided(state, { _tag: 'Renewed', record, leaseExpiresAtMs })
    }
    const event: LedgerEvent = {
      type: 'LeaseRenewed',
      data: { atMs: command.atMs, ...command.holder, leaseExpiresAtMs: until }
    }
    return decidedBy(state, event, record, (renewed) => ({ _tag: 'Renewed', record: renewed, leaseExpiresAtMs: until }))
  })
