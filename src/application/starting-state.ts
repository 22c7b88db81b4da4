import { fold } from '../domain/evolve.ts'
import { stateOf } from '../domain/snapshot.ts'
import type { State } from '../domain/state.ts'
import type { DecodedEvent } from './event-text.ts'

/** The state after an event, where a backward reader may stop there, whatever came before. */
export const startingState = ({ event, metadata }: DecodedEvent): State | undefined => {
  if (metadata.snapshot !== undefined) {
    const state = stateOf(metadata.snapshot)
    if (state !== undefined) return state
  }
  return event.type === 'Reserved' || event.type === 'Imported' ? fold([event]) : undefined
}
