import * as E from 'fp-ts/Either'
import { identity, pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { TaskAborted } from '../../../application/effects/task-aborted.ts'
import type { TaskContext } from '../../../application/effects/task-context.ts'
import type { TaskLedger } from '../../../application/ledger.ts'
import { type Failure, failure } from '../../../domain/failure.ts'
import type { CliDeps } from '../deps.ts'
import { type Delivery, keysOf } from './delivery.ts'
import { type Summary, summarise } from './work.ts'

/** How a delivery was answered. */
export type Seen = 'processed' | 'taken over' | 'replayed' | 'same body' | 'conflict' | 'in flight' | 'in doubt'

/** `spared`: a step was not run again, since the worker before had it on record. */
export type Received = { readonly seen: Seen; readonly summary?: Summary; readonly spared?: boolean }

/** Who receives, how long a dead one blocks a delivery, how long to wait for another, and what is done after the step. */
export type Endpoint = {
  readonly owner: string
  readonly lease: number
  readonly waitMs: number
  readonly signal?: AbortSignal | undefined
  readonly work?: (context: TaskContext) => TE.TaskEither<unknown, unknown>
}

/** Claims can be lost to others who took over; whoever loses them again and again is given up. */
const maxTries = 4

const standing: { readonly [answer: string]: Seen } = {
  Conflict: 'conflict',
  InDoubt: 'in doubt',
  InFlight: 'in flight'
}

/**
 * Receives a delivery as an endpoint would: once for its id and its body's digest. Whoever comes again is told the first
 * outcome.
 */
export const receiver =
  ({ onceAll }: Pick<CliDeps, 'onceAll'>, ledger: TaskLedger) =>
  ({ owner, lease, waitMs, signal, work = () => TE.right(undefined) }: Endpoint) =>
  (delivery: Delivery): TE.TaskEither<Failure, Received> => {
    const [byId, byBody] = keysOf(delivery)
    // whoever is told to stop did nothing yet; of a connection that is lost nobody knows what it did
    const onLeft = (error: unknown) => (error instanceof TaskAborted ? 'transient' : 'ambiguous')
    const once = onceAll<Summary>(ledger, { owner, lease, inFlight: { wait: waitMs }, signal, onLeft })

    const replayed = (summary: Summary, isBodyAlone: boolean): TE.TaskEither<Failure, Received> => {
      if (summary.delivery !== delivery.id) return TE.right({ seen: 'same body', summary })
      const answer = TE.right<Failure, Received>({ seen: 'replayed', summary })
      if (!isBodyAlone) return answer
      // it stands under the digest and not under the id: whoever did the work crashed between the two
      return pipe(
        once([byId], () => TE.right(summary)),
        TE.flatMap(() => answer)
      )
    }

    const receive =
      (triesLeft: number): TE.TaskEither<Failure, Received> =>
      async () => {
        let ran: Received = { seen: 'processed' }
        const answer = await once([byId, byBody], (context) => {
          ran = context.takeover ? { seen: 'taken over', spared: true } : { seen: 'processed' }
          const read = (): Summary => {
            ran = { seen: ran.seen }
            return summarise(delivery)
          }
          return pipe(
            TE.tryCatch(() => context.step('read', read), identity),
            TE.tap(() => work(context))
          )
        })()
        if (E.isLeft(answer)) return answer
        const { right: said } = answer
        if (said._tag === 'Ran') return E.right({ ...ran, summary: said.value })
        if (said._tag === 'Replayed') return replayed(said.value, said.blocked?.index === 1)()
        if (said._tag === 'Unrecorded') return E.left(said.cause)
        const seen = standing[said._tag]
        if (seen !== undefined) return E.right({ seen })
        // it was taken over before it was done: what counts is what the other one stored
        return triesLeft > 0
          ? receive(triesLeft - 1)()
          : E.left(failure('Contended', 'the claims on a delivery were taken over again and again'))
      }

    return receive(maxTries - 1)
  }
