import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { ReserveAnswer, Reserved } from '../../domain/answers.ts'
import type { Failure } from '../../domain/failure.ts'
import { isMembers } from '../../domain/parsing/values.ts'
import type { ReserveAllRequest } from '../requests/requests.ts'
import { broken, type EffectsLedger, type ManyKeysLedger } from './effects-ledger.ts'
import { type Holding, holdingAll, holdingOf, type Provenance } from './holding.ts'
import { inOptions } from './key-paths.ts'
import type { Blocking } from './once-answer.ts'

export type Standing = Exclude<ReserveAnswer, Reserved>

/** What a reserve came to: a holding, or what stands in its way, at which of the requests. */
export type Asked =
  | { readonly _tag: 'Held'; readonly holding: Holding }
  | { readonly _tag: 'Stands'; readonly answer: Standing; readonly index: number; readonly blocked?: Blocking }

/** Asks for all keys of a task at once. */
export type Claiming = { readonly reserve: TE.TaskEither<Failure, Asked>; readonly ledger: EffectsLedger }

const provenanceOf = ({ actor, correlationId, causationId }: ReserveAllRequest): Provenance => ({
  actor,
  correlationId,
  causationId
})

/** What a wrapper answers may be anything, and is looked at here once. */
const isReserved = (answer: ReserveAnswer): answer is Reserved =>
  answer._tag === 'Reserved' && isMembers(answer.claim) && isMembers(answer.record)

const isStanding = (answer: ReserveAnswer): answer is Standing => {
  switch (answer._tag) {
    case 'Duplicate':
    case 'Conflict':
    case 'InDoubt':
      return isMembers(answer.record)
    case 'Gone':
      return isMembers(answer.previous)
    default:
      return false
  }
}

export const claimingOne = (ledger: EffectsLedger, request: ReserveAllRequest): Claiming => ({
  ledger,
  reserve: () =>
    pipe(
      ledger.reserve(request),
      TE.flatMapEither((answer): E.Either<Failure, Asked> => {
        if (isReserved(answer)) {
          return E.right({ _tag: 'Held', holding: holdingOf(ledger, request, answer, provenanceOf(request)) })
        }
        return isStanding(answer) ? E.right({ _tag: 'Stands', answer, index: 0 }) : broken(answer)
      })
    )()
})

export const claimingAll = (
  ledger: ManyKeysLedger,
  requests: readonly [ReserveAllRequest, ...Array<ReserveAllRequest>]
): Claiming => ({
  ledger,
  reserve: () =>
    pipe(
      ledger.reserveAll(requests),
      TE.mapLeft(inOptions),
      TE.flatMapEither((answer): E.Either<Failure, Asked> => {
        if (answer._tag === 'Blocked') {
          const { index, recordId, unreleased } = answer
          return isStanding(answer.answer)
            ? E.right({ _tag: 'Stands', answer: answer.answer, index, blocked: { index, recordId, unreleased } })
            : broken(answer)
        }
        const [first, ...others] = answer.reservations.filter(isReserved)
        if (first === undefined || others.length !== requests.length - 1) return broken(answer)
        const holding = holdingAll(ledger, requests[0], [first, ...others], provenanceOf(requests[0]))
        return E.right({ _tag: 'Held', holding })
      })
    )()
})
