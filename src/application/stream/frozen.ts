import type { State } from '../../domain/state.ts'

/** What is frozen already was frozen whole. Plain objects and arrays only; what was read may hold members that nobody knows. */
const freeze = (value: object): void => {
  if (Object.isFrozen(value)) return
  Object.freeze(value)
  // a list of what it holds: to ask for each member by its name takes longer than to make one
  for (const member of Object.values(value)) if (typeof member === 'object' && member !== null) freeze(member)
}

/** Freezes what of a state gets into answers: its record, or the one that ended last. The state itself nobody is given. */
export const freezeAnswered = (state: State): void => {
  if (state._tag === 'Held') freeze(state.record)
  else if (state.ended !== undefined) freeze(state.ended.record)
}
