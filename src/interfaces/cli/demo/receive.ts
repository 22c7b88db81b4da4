import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { TaskLedger } from '../../../application/ledger.ts'
import type { AllReserved, Blocked } from '../../../application/use-cases/reserve-all.ts'
import { type Failure, failure } from '../../../domain/failure.ts'
import type { Outcome } from '../../../domain/outcome.ts'
import { type Delivery, operation, requestsFor } from './delivery.ts'
import { summarise } from './work.ts'

/** How a delivery was answered. */
export type Seen = 'processed' | 'taken over' | 'replayed' | 'same body' | 'conflict' | 'in flight'

export type Received = { readonly seen: Seen; readonly outcome?: Outcome | undefined }

export type Receive = (delivery: Delivery, nowMs?: number) => TE.TaskEither<Failure, Received>

/** Claims can be lost to others who took over; whoever loses them again and again is given up. */
const maxTries = 4

/**
 * Receives a delivery as an endpoint would: claims its id and its body's digest, both or none; does the work once, and
 * stores what came of it under both. Whoever comes again is told that outcome.
 */
export const receiver = (ledger: TaskLedger, owner: string, now: () => number): Receive => {
  /** The outcome stands under the digest and not under the id: whoever did the work crashed between the two. */
  const completed = (delivery: Delivery, outcome: Outcome, nowMs?: number): TE.TaskEither<Failure, Received> =>
    pipe(
      ledger.reserve(requestsFor(delivery, owner, nowMs)[0]),
      TE.flatMap(
        (answer): TE.TaskEither<Failure, unknown> =>
          answer._tag === 'Reserved' ? ledger.complete({ claim: answer.claim, outcome, nowMs }) : TE.right(answer)
      ),
      TE.map(() => ({ seen: 'replayed', outcome }))
    )

  const blocked = (
    { answer }: Blocked,
    delivery: Delivery,
    nowMs: number | undefined
  ): TE.TaskEither<Failure, Received> => {
    if (answer._tag === 'Conflict') return TE.right({ seen: 'conflict' })
    const { operation: by, outcome } = answer._tag === 'Gone' ? answer.previous : answer.record
    if (outcome === undefined) return TE.right({ seen: 'in flight' })
    if (outcome.primaryRefId !== delivery.id) return TE.right({ seen: 'same body', outcome })
    return by === operation.body ? completed(delivery, outcome, nowMs) : TE.right({ seen: 'replayed', outcome })
  }

  const worked = (
    { reservations }: AllReserved,
    delivery: Delivery,
    nowMs: number | undefined,
    triesLeft: number
  ): TE.TaskEither<Failure, Received> =>
    pipe(
      ledger.completeAll({
        claims: reservations.map(({ claim }) => claim),
        outcome: summarise(delivery, nowMs ?? now()),
        nowMs
      }),
      TE.flatMap((answers) => {
        const [first] = answers
        if (first?._tag === 'Completed' && answers.every(({ _tag }) => _tag === 'Completed')) {
          const seen = reservations.some(({ takeover }) => takeover) ? 'taken over' : 'processed'
          return TE.right<Failure, Received>({ seen, outcome: first.record.outcome })
        }
        // it was taken over before it was done: what counts is what the other one stored
        return triesLeft > 0
          ? receive(delivery, nowMs, triesLeft - 1)
          : TE.left(failure('Contended', 'the claims on a delivery were taken over again and again'))
      })
    )

  const receive = (
    delivery: Delivery,
    nowMs: number | undefined,
    triesLeft: number
  ): TE.TaskEither<Failure, Received> =>
    pipe(
      ledger.reserveAll(requestsFor(delivery, owner, nowMs)),
      TE.flatMap((answer) =>
        answer._tag === 'AllReserved' ? worked(answer, delivery, nowMs, triesLeft) : blocked(answer, delivery, nowMs)
      )
    )

  return (delivery, nowMs) => receive(delivery, nowMs, maxTries - 1)
}

const firstWaitMs = 20
const longestWaitMs = 500

/**
 * Comes again as GitHub does while a delivery is in flight, until it is answered: by then its holder is done, or its
 * lease is over. After `patienceMs` it is in flight still.
 */
export const comingAgain =
  (receive: Receive, wait: (ms: number) => TE.TaskEither<Failure, void>, patienceMs: number): Receive =>
  (delivery) =>
  async () => {
    let waited = 0
    for (let ms = firstWaitMs; ; ms = Math.min(longestWaitMs, 2 * ms)) {
      const received = await receive(delivery)()
      if (E.isLeft(received) || received.right.seen !== 'in flight' || waited >= patienceMs) return received
      const rested = await wait(ms)()
      if (E.isLeft(rested)) return rested
      waited += ms
    }
  }
