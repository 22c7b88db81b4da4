import { isReadableFold, stateOf } from '../snapshot.ts'
import type { State } from '../state.ts'
import { isSameJson } from './same-json.ts'

/**
 * Whether a snapshot is the fold of the events up to its own. One of another version of the fold cannot be judged by
 * this build; one of its own whose state cannot be read is none.
 */
export const isFold = (snapshot: unknown, state: State): 'yes' | 'no' | 'other' => {
  if (typeof snapshot !== 'object' || snapshot === null) return 'no'
  const { foldVersion }: { foldVersion?: unknown } = snapshot
  if (!isReadableFold(foldVersion)) return typeof foldVersion === 'number' ? 'other' : 'no'
  const snapped = stateOf(snapshot)
  return snapped !== undefined && isSameJson(snapped, state) ? 'yes' : 'no'
}
