import * as E from 'fp-ts/Either'
import type { Claim } from '../../domain/claim.ts'
import { Epoch } from '../../domain/epoch.ts'
import { RecordId } from '../../domain/identity.ts'
import { allOf, matching, type Parsed, type Parser, refused } from '../../domain/parsing/parsed.ts'
import { isMembers } from '../../domain/parsing/values.ts'
import type { Limits } from '../settings.ts'
import { filledText } from './text.ts'

export const recordId: Parser<RecordId> = matching(RecordId.is, 'is not a record id')

const claimEpoch: Parser<number> = matching(Epoch.is, 'must be a whole number from 1 on')

/** A claim as it was handed out. Whether it was ever issued, only the ledger knows. */
export const claim = (limits: Limits, value: Claim): Parsed<Claim & { readonly recordId: RecordId }> => {
  if (!isMembers(value)) return refused('$.claim must be a claim', '$.claim')
  const epoch = claimEpoch('$.claim.epoch', value.epoch)
  if (E.isLeft(epoch)) return epoch
  return allOf({
    recordId: recordId('$.claim.recordId', value.recordId),
    epoch,
    claimId: filledText(limits, '$.claim.claimId', value.claimId)
  })
}
