import * as E from 'fp-ts/Either'
import type { Claim } from '../../domain/claim.ts'
import { Epoch } from '../../domain/epoch.ts'
import { RecordId } from '../../domain/identity.ts'
import { allOf, matching, mismatch, type Parsed, type Parser } from '../../domain/parsing/parsed.ts'
import { isMembers } from '../../domain/parsing/values.ts'
import type { Limits } from '../settings.ts'
import { filledText } from './text.ts'

export const recordId: Parser<RecordId> = matching(RecordId.is, 'must be a record id, idem_ and 64 small hex digits')

const claimEpoch: Parser<number> = matching(Epoch.is, 'must be a whole number from 1 on')

/** A claim as it was handed out. Whether it was ever issued, only the ledger knows. */
export const claim = (limits: Limits, value: Claim): Parsed<Claim & { readonly recordId: RecordId }> => {
  if (!isMembers(value))
    return mismatch('$.claim', 'must be a claim as reserve gave it, with recordId, epoch and claimId', value)
  const epoch = claimEpoch('$.claim.epoch', value.epoch)
  if (E.isLeft(epoch)) return epoch
  return allOf({
    recordId: recordId('$.claim.recordId', value.recordId),
    epoch,
    claimId: filledText(limits, '$.claim.claimId', value.claimId)
  })
}
