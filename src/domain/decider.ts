import { decidePlain } from './decide/decide-plain.ts'
import { evolve } from './evolve.ts'
import { initialState } from './state.ts'

/**
 * The decider of one key's stream, for those who run it in their own event store: what a command comes to, what an event
 * makes of a state, and where a stream begins. A decision holds its events and an answer.
 */
export const decider = {
  /** What a command comes to, in the state of its key’s stream. */
  decide: decidePlain,
  /** What an event makes of a state. */
  evolve,
  /** The state of a stream without events. */
  initialState
}
