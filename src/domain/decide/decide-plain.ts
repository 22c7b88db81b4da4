import * as E from 'fp-ts/Either'
import type { Answers } from '../answers.ts'
import type { CommandInput } from '../commands.ts'
import type { Past } from '../past.ts'
import type { State } from '../state.ts'
import { checkedCommand } from './checked-command.ts'
import { decide } from './decide.ts'
import { type Decision, refused, type Settled } from './decision.ts'

/**
 * What a command comes to in a state: an answer and the events that make it so. Pure: no clock, no chance, no reading.
 * Takes plain numbers and texts; a command that is none is `Refused` with `InvalidInput` and the path of the field, so what
 * is decided can always be stored and read again. It neither trims nor limits, as a ledger does.
 * Where it answers `NeedsPast`, ask again with a state or a `Past` that reaches further back; given the `Past` of the
 * whole stream it never asks.
 */
export function decidePlain<C extends CommandInput>(command: C, state: State): Decision<Answers[C['_tag']]>
export function decidePlain<C extends CommandInput>(command: C, state: State, past: Past): Settled<Answers[C['_tag']]>
export function decidePlain<C extends CommandInput>(
  command: C,
  state: State,
  past?: Past
): Decision<Answers[C['_tag']]> {
  const checked = checkedCommand(command)
  if (E.isLeft(checked)) return refused(checked.left)
  const decision = past === undefined ? decide(checked.right, state) : decide(checked.right, state, past)
  // the answers are those of the command's own tag
  return decision as Decision<Answers[C['_tag']]>
}
