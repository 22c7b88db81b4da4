import * as E from 'fp-ts/Either'
import type { LedgerEvent } from '../../../domain/events/ledger-event.ts'
import type { PlannedAnswer } from './plan.ts'

/** Whether an answer is a duplicate or a conflict: it is the same where it cannot be recorded. */
export const isSighting = ({ result }: Pick<PlannedAnswer, 'result'>): boolean =>
  E.isRight(result) && (result.right?._tag === 'Duplicate' || result.right?._tag === 'Conflict')

/** Whether an event records one. */
export const isSightingEvent = (event: LedgerEvent): boolean =>
  event.type === 'DuplicateSeen' || event.type === 'ConflictRecorded'
