import type { AlreadyCompleted, ClaimLost, Released } from '../answers.ts'
import type { Release } from '../commands.ts'
import { recordOf, type State } from '../state.ts'
import { type Decision, decided } from './decision.ts'
import { fenced } from './fence.ts'

/** Gives the claim back while there is no outcome; again by the same claim is the same answer. */
export const decideRelease = (command: Release, state: State): Decision<Released | AlreadyCompleted | ClaimLost> =>
  fenced<Released | AlreadyCompleted | ClaimLost>(command.holder, state, (standing) => {
    if (standing._tag === 'Over') {
      if (standing.ended?.reason === 'released') return decided({ _tag: 'Released', record: standing.ended.record })
      const record = recordOf(state)
      return decided({ _tag: 'ClaimLost', ...(record === undefined ? {} : { record }) })
    }
    const { record } = standing.held
    if (record.outcome !== undefined) return decided({ _tag: 'AlreadyCompleted', record })
    return decided(
      { _tag: 'Released', record },
      {
        type: 'Expired',
        data: {
          atMs: command.atMs,
          epoch: record.epoch,
          reason: 'released',
          ...(command.note === undefined ? {} : { note: command.note })
        }
      }
    )
  })
