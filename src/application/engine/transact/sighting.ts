import * as E from 'fp-ts/Either'
import type { Answer } from '../../../domain/answers.ts'
import type { LedgerEvent } from '../../../domain/events/ledger-event.ts'
import type { Failure } from '../../../domain/failure.ts'

/** Whether an answer is a duplicate or a conflict: it is the same where it cannot be recorded. */
export const isSighting = ({ result }: { readonly result: E.Either<Failure, Answer | undefined> }): boolean =>
  E.isRight(result) && (result.right?._tag === 'Duplicate' || result.right?._tag === 'Conflict')

/** Whether an event records one. */
export const isSightingEvent = (event: LedgerEvent): boolean =>
  event.type === 'DuplicateSeen' || event.type === 'ConflictRecorded'
