import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { TaskLedger } from '../../../application/ledger.ts'
import type { AllReserved, Blocked } from '../../../application/use-cases/reserve-all.ts'
import { type Failure, failure } from '../../../domain/failure.ts'
import type { Outcome } from '../../../domain/outcome.ts'
import { type Delivery, requestsFor } from './delivery.ts'
import { summarise } from './work.ts'

/** How a delivery was answered. */
export type Seen = 'processed' | 'taken over' | 'replayed' | 'same body' | 'conflict' | 'in flight'

export type Received = { readonly seen: Seen; readonly outcome?: Outcome | undefined }

export type Receive = (delivery: Delivery, nowMs?: number) => TE.TaskEither<Failure, Received>

const blocked = ({ answer }: Blocked, delivery: Delivery): Received => {
  switch (answer._tag) {
    case 'Conflict':
      return { seen: 'conflict' }
    case 'Gone':
      return { seen: 'replayed', outcome: answer.previous.outcome }
    case 'Duplicate': {
      const { outcome } = answer.record
      if (outcome === undefined) return { seen: 'in flight' }
      return { seen: outcome.primaryRefId === delivery.id ? 'replayed' : 'same body', outcome }
    }
  }
}

const processed = (
  ledger: TaskLedger,
  { reservations }: AllReserved,
  delivery: Delivery,
  nowMs: number | undefined,
  now: () => number
): TE.TaskEither<Failure, Received> =>
  pipe(
    ledger.completeAll({
      claims: reservations.map(({ claim }) => claim),
      outcome: summarise(delivery, nowMs ?? now()),
      nowMs
    }),
    TE.flatMap((answers) => {
      const [first] = answers
      return first?._tag === 'Completed' && answers.every(({ _tag }) => _tag === 'Completed')
        ? TE.right({
            seen: reservations.some(({ takeover }) => takeover) ? 'taken over' : 'processed',
            outcome: first.record.outcome
          } as const)
        : TE.left(failure('UnknownClaim', 'a claim was lost while its delivery was processed'))
    })
  )

/**
 * Receives a delivery as an endpoint would: claims its id and its body's digest, both or none; does the work once, and
 * stores what came of it under both. Whoever comes again is told that outcome.
 */
export const receiver =
  (ledger: TaskLedger, owner: string, now: () => number): Receive =>
  (delivery, nowMs) =>
    pipe(
      ledger.reserveAll(requestsFor(delivery, owner, nowMs)),
      TE.flatMap((answer) =>
        answer._tag === 'AllReserved'
          ? processed(ledger, answer, delivery, nowMs, now)
          : TE.right(blocked(answer, delivery))
      )
    )
