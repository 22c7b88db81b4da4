import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as RA from 'fp-ts/ReadonlyArray'
import * as TE from 'fp-ts/TaskEither'
import type { TaskLedger } from '../../../application/ledger.ts'
import { type Failure, failure } from '../../../domain/failure.ts'
import type { CliDeps } from '../deps.ts'
import type { Progress } from '../terminal/progress.ts'
import { pickUnlucky, renamed, tampered } from './arrivals.ts'
import { atOnce } from './at-once.ts'
import { type Killed, killedWorker } from './crash.ts'
import { type Delivery, keysOf } from './delivery.ts'
import { type Received, receiver, type Seen } from './receive.ts'
import { summarise } from './work.ts'

/** One kind of arrival, and how often it was answered how. */
export type Pass = { readonly what: string; readonly answers: ReadonlyMap<Seen, number> }

/** All that the demo saw. */
export type DemoResult = ReturnType<typeof runDemo> extends TE.TaskEither<Failure, infer Result> ? Result : never

type DemoDeps = {
  readonly cli: CliDeps
  readonly ledger: TaskLedger
  /** None where the ledger is this process's alone: there is no worker to be killed then. */
  readonly file: string | undefined
  readonly signal: AbortSignal
  readonly bar: Progress
}

/** How many deliveries are received at the same time. */
const concurrency = 64

/** Long against the work, on a machine too that does much else, ms. */
const lease = 20_000

const counted = (what: string, received: ReadonlyArray<Received>): ReadonlyArray<Pass> => {
  const answers = new Map<Seen, number>()
  for (const { seen } of received) answers.set(seen, (answers.get(seen) ?? 0) + 1)
  return received.length === 0 ? [] : [{ what, answers }]
}

const sameOutcomes = (first: ReadonlyArray<Received>, again: ReadonlyArray<Received>): number =>
  first.filter(
    ({ summary }, index) => summary !== undefined && JSON.stringify(summary) === JSON.stringify(again[index]?.summary)
  ).length

/** An operator found out that the work was done, and says so under both keys. */
const endByOperator = (ledger: TaskLedger, delivery: Delivery): TE.TaskEither<Failure, unknown> =>
  pipe(
    keysOf(delivery),
    RA.traverse(TE.ApplicativeSeq)(({ tenant, operation, key }) =>
      ledger.completeByOperator({
        ...{ tenant, operation, key },
        outcome: { outcomeKind: 'succeeded', details: summarise(delivery) },
        actor: 'operator',
        note: 'the other side has it in its books'
      })
    )
  )

/** The killed worker wakes up and completes after all: too late, and it is told so. How often it was. */
const completeTooLate = (ledger: TaskLedger, killed: Killed | undefined): TE.TaskEither<Failure, number> =>
  killed === undefined
    ? TE.right(0)
    : pipe(
        ledger.complete({ claim: killed.claim, outcome: { outcomeKind: 'processed-twice' } }),
        TE.map(({ _tag }) => (_tag === 'ClaimLost' ? 1 : 0))
      )

/** Plays every delivery through the ledger: as it comes first, again, tampered with, and under another id. */
export const runDemo = ({ cli, ledger, file, signal, bar }: DemoDeps, deliveries: ReadonlyArray<Delivery>) => {
  const receiving = receiver(cli, ledger)
  const endpoint = { owner: 'webhook-endpoint', lease, waitMs: 2 * lease, signal }
  const receive = receiving(endpoint)
  const connectionLost = failure('StoreUnavailable', 'the connection to the other side was lost')
  const receiveLosing = receiving({ ...endpoint, work: () => TE.left(connectionLost) })
  let done = 0
  const all = (items: ReadonlyArray<Delivery>, receiveOne = receive) =>
    atOnce(concurrency, signal)(items, (item) =>
      pipe(
        receiveOne(item),
        TE.tapIO(() => () => bar.at(++done))
      )
    )
  const allOf = (items: ReadonlyArray<Delivery>, make: (item: Delivery) => E.Either<Failure, Delivery>) =>
    pipe(
      TE.fromEither(E.traverseArray(make)(items)),
      TE.flatMap((made) => all(made))
    )

  return pipe(
    TE.fromEither(pickUnlucky(cli, deliveries)),
    TE.map(([crashed, doubtful]) => ({ crashed, doubtful })),
    TE.bind('killed', ({ crashed }) =>
      file === undefined
        ? TE.right(undefined)
        : killedWorker(cli, file, receiving({ ...endpoint, waitMs: 0 })(crashed), signal)
    ),
    TE.let('began', () => performance.now()),
    TE.bind('doubted', ({ doubtful }) => atOnce(1, signal)([receiveLosing, receive], (one) => all([doubtful], one))),
    TE.let('isInDoubt', ({ doubted }) => doubted.flat().some(({ seen }) => seen === 'in doubt')),
    TE.tap(({ doubtful, isInDoubt }) => (isInDoubt ? endByOperator(ledger, doubtful) : TE.right(undefined))),
    TE.bind('first', () => all(deliveries)),
    TE.bind('lateRefused', ({ killed }) => completeTooLate(ledger, killed)),
    TE.let('used', ({ first }) => deliveries.filter(({ id }, index) => first[index]?.summary?.delivery === id)),
    TE.tapIO(
      ({ used }) =>
        () =>
          bar.at(done, done + deliveries.length + 2 * used.length)
    ),
    TE.bind('again', () => all(deliveries)),
    TE.bind('tampered', ({ used }) => allOf(used, tampered(cli))),
    TE.bind('renamed', ({ used }) => allOf(used, renamed(cli))),
    TE.let('seconds', ({ began }) => (performance.now() - began) / 1000),
    TE.bind('timeline', ({ crashed }) => ledger.history(keysOf(crashed)[0])),
    TE.map(({ crashed, killed, first, again, ...seen }) => ({
      passes: [
        ...counted('one whose worker was killed', killed === undefined ? [] : [killed.meanwhile]),
        ...counted('one whose connection was lost', seen.isInDoubt ? seen.doubted.flat() : []),
        ...counted('each delivery', first),
        ...counted('each delivery again', again),
        ...counted('another body under a used id', seen.tampered),
        ...counted('the same body under a new id', seen.renamed)
      ],
      deliveries: done,
      bytes: deliveries.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0),
      again: again.length,
      sameOutcome: sameOutcomes(first, again),
      crashed,
      killed: killed !== undefined,
      /** How many steps of the killed worker were not run again, and how often it came back too late. */
      spared: first.filter(({ spared }) => spared).length,
      lateRefused: seen.lateRefused,
      endedByOperator: seen.isInDoubt,
      timeline: seen.timeline,
      seconds: seen.seconds
    }))
  )
}
