import type { Reserve } from '../commands.ts'
import { isInDoubt, isLeaseOver, isRetentionOver } from '../due.ts'
import type { Held, State, Vacant } from '../state.ts'

/** The rows of `reserve` where nobody holds the key. */
export type VacantRow = 'free' | 'stillGone'

/** The rows of `reserve` where somebody holds the key. */
export type HeldRow =
  | 'inDoubt'
  | 'retentionOver'
  | 'gone'
  | 'otherRequest'
  | 'replay'
  | 'ownClaim'
  | 'leaseOver'
  | 'takeoverRefused'
  | 'inFlight'

/** The rows of the decision table of `reserve` (SPEC section 5), by name. */
export type ReserveRow = VacantRow | HeldRow

type Asked = Pick<Reserve, 'policy' | 'atMs' | 'requestFingerprint' | 'claimHash'>

export const vacantRow = ({ policy }: Asked, { ended }: Vacant): VacantRow =>
  ended?.reason === 'retention' && policy.reuseAfterExpiry === 'reject' ? 'stillGone' : 'free'

/** The first row that fits. */
export const heldRow = (
  { policy, atMs, requestFingerprint, claimHash }: Asked,
  { record, claimHash: held }: Held
): HeldRow => {
  const isSame = record.requestFingerprint === requestFingerprint
  if (isInDoubt(record)) return isSame ? 'inDoubt' : 'otherRequest'
  if (isRetentionOver(record, atMs, policy)) return policy.reuseAfterExpiry === 'reject' ? 'gone' : 'retentionOver'
  if (!isSame) return 'otherRequest'
  if (record.outcome !== undefined) return 'replay'
  if (held === claimHash) return 'ownClaim'
  if (!isLeaseOver(record, atMs, policy)) return 'inFlight'
  return policy.takeover === 'allow' ? 'leaseOver' : 'takeoverRefused'
}

/** Which row answers a reserve in a state. */
export const reserveRow = (asked: Asked, state: State): ReserveRow =>
  state._tag === 'Vacant' ? vacantRow(asked, state) : heldRow(asked, state)
