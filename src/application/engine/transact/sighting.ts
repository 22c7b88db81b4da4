import * as E from 'fp-ts/Either'
import type { Answer, Conflict, Duplicate, InDoubt } from '../../../domain/answers.ts'
import type { LedgerEvent } from '../../../domain/events/ledger-event.ts'
import type { Failure } from '../../../domain/failure.ts'

/** Whether an answer tells of a duplicate, in doubt or not, or of a conflict: it is the same where it cannot be recorded. */
export const tellsOfSighting = (answer: Answer | undefined): answer is Duplicate | InDoubt | Conflict =>
  answer?._tag === 'Duplicate' || answer?._tag === 'InDoubt' || answer?._tag === 'Conflict'

/** The same of what a command came to. */
export const isSighting = ({ result }: { readonly result: E.Either<Failure, Answer | undefined> }): boolean =>
  E.isRight(result) && tellsOfSighting(result.right)

/** Whether an event records one. */
export const isSightingEvent = (event: LedgerEvent): boolean =>
  event.type === 'DuplicateSeen' || event.type === 'ConflictRecorded'
