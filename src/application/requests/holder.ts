import { type Claim, claimHashOf } from '../../domain/claim.ts'
import type { Holder } from '../../domain/commands.ts'
import type { Settings } from '../settings.ts'

/** A claim as the ledger judges it: its secret goes no further than this. */
export const holderOf = ({ sha256 }: Settings, { epoch, claimId }: Claim): Holder => ({
  epoch,
  claimHash: claimHashOf(sha256)(claimId)
})
