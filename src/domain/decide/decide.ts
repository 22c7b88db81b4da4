import { absurd } from 'fp-ts/function'
import type { Answers } from '../answers.ts'
import type { Command } from '../commands.ts'
import type { Past } from '../past.ts'
import type { State } from '../state.ts'
import { decideComplete, decideCompleteByKey, decideCompleteByOperator } from './complete.ts'
import { type Decision, type Settled, settledBy } from './decision.ts'
import { decideExpire, decideExpireByOperator } from './expire.ts'
import { decideImport } from './import.ts'
import { decideMarkInDoubt } from './mark-in-doubt.ts'
import { decideReachRecoveryPoint } from './reach-recovery-point.ts'
import { decideRelease } from './release.ts'
import { decideRenew } from './renew.ts'
import { decideReserve } from './reserve.ts'

const dispatch = (command: Command, state: State): Decision<Answers[Command['_tag']]> => {
  switch (command._tag) {
    case 'Reserve':
      return decideReserve(command, state)
    case 'Complete':
      return decideComplete(command, state)
    case 'CompleteByKey':
      return decideCompleteByKey(command, state)
    case 'Release':
      return decideRelease(command, state)
    case 'Renew':
      return decideRenew(command, state)
    case 'ReachRecoveryPoint':
      return decideReachRecoveryPoint(command, state)
    case 'MarkInDoubt':
      return decideMarkInDoubt(command, state)
    case 'Expire':
      return decideExpire(command, state)
    case 'ExpireByOperator':
      return decideExpireByOperator(command, state)
    case 'CompleteByOperator':
      return decideCompleteByOperator(command, state)
    case 'Import':
      return decideImport(command, state)
    default:
      return absurd(command)
  }
}

/**
 * What a command comes to in a state: an answer and the events that make it so. Pure: no clock, no chance, no reading.
 * Where it answers `NeedsPast`, ask again with a state or a `Past` that reaches further back; given the `Past` of the
 * whole stream it never asks.
 */
export function decide<C extends Command>(command: C, state: State): Decision<Answers[C['_tag']]>
export function decide<C extends Command>(command: C, state: State, past: Past): Settled<Answers[C['_tag']]>
export function decide<C extends Command>(command: C, state: State, past?: Past): Decision<Answers[C['_tag']]> {
  // each branch of `dispatch` answers for its own command; TypeScript cannot tie the two through a switch
  const decision = dispatch(command, state) as Decision<Answers[C['_tag']]>
  return past === undefined ? decision : settledBy(decision, past)
}
