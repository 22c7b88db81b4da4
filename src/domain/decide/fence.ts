import type { Holder } from '../commands.ts'
import { failure } from '../failure.ts'
import type { Past } from '../past.ts'
import { type Ended, epochOf, type Held, type State } from '../state.ts'
import { type Decision, needsPast, refused } from './decision.ts'

/** How a claim stands to the key's stream. */
export type Standing =
  /** It is the claim of the current reservation. */
  | { readonly _tag: 'Current'; readonly held: Held }
  /** It was issued and its reservation is over; `ended` is known where the past was not needed, or was read. */
  | { readonly _tag: 'Over'; readonly ended: Ended | undefined }

const neverIssued = refused(failure('UnknownClaim', 'no such claim was ever issued on this key'))

/**
 * Judges a claim, and goes on as it stands. A claim that was never issued (no stream, a later epoch, this epoch with
 * another claim id) is refused; telling an earlier one from a forged one takes the past.
 */
export const fenced = <A>(
  holder: Holder,
  state: State,
  past: Past | undefined,
  then: (standing: Standing) => Decision<A>
): Decision<A> => {
  const epoch = epochOf(state)
  if (holder.epoch > epoch) return neverIssued
  if (holder.epoch === epoch) {
    if (state.claimId !== holder.claimId) return neverIssued
    return then(state._tag === 'Held' ? { _tag: 'Current', held: state } : { _tag: 'Over', ended: state.ended })
  }
  if (past === undefined) return needsPast
  const earlier = past.epochs.get(holder.epoch)
  return earlier?.claimId === holder.claimId ? then({ _tag: 'Over', ended: earlier.ended }) : neverIssued
}
