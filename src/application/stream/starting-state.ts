import { fold } from '../../domain/evolve.ts'
import { recordIdIn } from '../../domain/identity.ts'
import { stateOf } from '../../domain/snapshot.ts'
import { initialState, recordOf, type State, unknownState } from '../../domain/state.ts'
import type { DecodedEvent } from './event-text.ts'

/** The state in a snapshot, where it is usable: of this build's fold, and of the record that the stream is named for. */
const snapped = ({ metadata, recorded }: DecodedEvent): State | undefined => {
  if (metadata.snapshot === undefined) return undefined
  const state = stateOf(metadata.snapshot)
  const record = state && (recordOf(state) ?? (state._tag === 'Vacant' ? state.ended?.record : undefined))
  return record === undefined || record.recordId === recordIdIn(recorded.stream) ? state : undefined
}

/**
 * The state after an event, where a backward reader may stop there, whatever came before. The claims before it are
 * known where it carries a snapshot, or nothing was before it.
 */
export const startingState = (decoded: DecodedEvent, isFirst = false): State | undefined => {
  const { event } = decoded
  const snapshot = snapped(decoded)
  if (snapshot !== undefined) return snapshot
  return event.type === 'Reserved' || event.type === 'Imported'
    ? fold([event], isFirst ? initialState : unknownState)
    : undefined
}
