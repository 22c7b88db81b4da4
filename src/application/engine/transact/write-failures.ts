import * as E from 'fp-ts/Either'
import type { Claim } from '../../../domain/claim.ts'
import { type Failure, failure } from '../../../domain/failure.ts'
import { recordIdIn } from '../../../domain/identity.ts'
import { claimIn } from '../submission.ts'
import type { PlannedAnswer } from './plan.ts'

const grantedBy = ({ result }: PlannedAnswer): Claim | undefined =>
  E.isRight(result) && result.right !== undefined ? claimIn(result.right) : undefined

/** Nobody knows whether a command was written. A claim goes with it that may stand. */
export const inDoubt = (stream: string, planned: PlannedAnswer, cause: Failure): Failure => {
  const recordId = recordIdIn(stream)
  const claim = grantedBy(planned)
  const advice = claim === undefined ? 'ask again' : 'reserve again with its claim id'
  const message = `whether ${recordId} was written could not be found out; ${advice}`
  return failure('AppendUnknown', message, { recordId, cause, ...(claim === undefined ? {} : { claim }) })
}

/** Others were always there first. */
export const contended = (recordId: string): Failure =>
  failure('Contended', `${recordId} was written by others until the deadline; nothing of this was written`, {
    recordId
  })
