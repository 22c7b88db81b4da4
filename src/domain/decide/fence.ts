import type { ClaimLost } from '../answers.ts'
import type { Holder } from '../commands.ts'
import { mayBeEarlier } from '../evidence.ts'
import { failure } from '../failure.ts'
import type { Past } from '../past.ts'
import { type Ended, epochOf, type Held, recordOf, type State } from '../state.ts'
import { type Decision, needsPast, refused, type Settled, settledBy } from './decision.ts'

/** How a claim stands to the key's stream. */
export type Standing =
  /** It is the claim of the current reservation. */
  | { readonly _tag: 'Current'; readonly held: Held }
  /** It was issued, and its reservation is over. */
  | { readonly _tag: 'Over'; readonly ended: Ended | undefined }

/** The answer to a claim that is over, with the current record where there is one. */
export const claimLost = (state: State): ClaimLost => {
  const record = recordOf(state)
  return { _tag: 'ClaimLost', ...(record === undefined ? {} : { record }) }
}

const neverIssued = refused(failure('UnknownClaim', 'no such claim was ever issued on this key'))

/** What tells an earlier claim from a forged one: the state alone, for most that are forged. */
const judgedEarlier = <A>(
  { epoch, claimHash }: Holder,
  state: State,
  then: (standing: Standing) => Decision<A>
): Decision<A> => {
  const judged = (past: Past): Settled<A> => {
    const issued = past.epochs.get(epoch)
    return issued?.claimHash === claimHash ? settledBy(then({ _tag: 'Over', ended: issued.ended }), past) : neverIssued
  }
  if (state.earlier === undefined) return needsPast('snapshot', judged)
  return mayBeEarlier(state.earlier, epochOf(state) - epoch, claimHash) ? needsPast('whole', judged) : neverIssued
}

/**
 * Judges a claim, and goes on as it stands. A claim that was never issued is refused: no stream, a later epoch, or an
 * epoch with another claim. Of these only a later epoch may be issued after all, where the state is behind.
 */
export const fenced = <A>(holder: Holder, state: State, then: (standing: Standing) => Decision<A>): Decision<A> => {
  const epoch = epochOf(state)
  if (holder.epoch > epoch) return { ...neverIssued, unreached: holder.epoch }
  if (holder.epoch < 1) return neverIssued
  if (holder.epoch < epoch) return judgedEarlier(holder, state, then)
  if (state.claimHash !== holder.claimHash) return neverIssued
  return then(state._tag === 'Held' ? { _tag: 'Current', held: state } : { _tag: 'Over', ended: state.ended })
}
