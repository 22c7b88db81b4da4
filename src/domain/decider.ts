import { decidePlain } from './decide/decide-plain.ts'
import { evolve } from './evolve.ts'
import { initialState, type State } from './state.ts'

/**
 * The decider of one key's stream, for those who run it in their own event store: what a command comes to, what an event
 * makes of a state, and where a stream begins. A decision holds its events and an answer.
 */
export const decider: {
  /** What a command comes to, in the state of its key’s stream. */
  readonly decide: typeof decidePlain
  /** What an event makes of a state. */
  readonly evolve: typeof evolve
  /** The state of a stream without events. */
  readonly initialState: State
} = { decide: decidePlain, evolve, initialState }
