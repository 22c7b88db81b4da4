import { setTimeout as sleep } from 'node:timers/promises'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { TaskLedger } from '../../../application/ledger.ts'
import type { HistoryEntry } from '../../../application/use-cases/history.ts'
import type { Failure } from '../../../domain/failure.ts'
import { stopped } from '../cli.ts'
import type { CliDeps } from '../deps.ts'
import type { Progress } from '../terminal/progress.ts'
import { pickCrashed, renamed, tampered } from './arrivals.ts'
import { atOnce } from './at-once.ts'
import { crashedWorker, lateCompletion, whileLeaseRanMs } from './crash.ts'
import { type Delivery, leaseMs, operation, tenantOf } from './delivery.ts'
import { comingAgain, type Received, receiver, type Seen } from './receive.ts'

/** One kind of arrival, and how often it was answered how. */
export type Pass = { readonly what: string; readonly answers: ReadonlyMap<Seen, number> }

export type DemoResult = {
  readonly passes: ReadonlyArray<Pass>
  readonly deliveries: number
  readonly bytes: number
  /** How many deliveries came again, and how many of them were answered with exactly the first outcome. */
  readonly again: number
  readonly sameOutcome: number
  readonly crashed: Delivery
  /** Whether a worker was killed in this run, and how often its late completion was refused. */
  readonly killed: boolean
  readonly lateRefused: number
  readonly timeline: ReadonlyArray<HistoryEntry>
  readonly seconds: number
}

type DemoDeps = {
  readonly cli: CliDeps
  readonly ledger: TaskLedger
  /** None where the ledger is this process's alone: there is no worker to be killed then. */
  readonly store: string | undefined
  readonly signal: AbortSignal
  readonly bar: Progress
}

/** How many deliveries are received at the same time. */
const concurrency = 64

const counted = (what: string, received: ReadonlyArray<Received>): ReadonlyArray<Pass> => {
  const answers = new Map<Seen, number>()
  for (const { seen } of received) answers.set(seen, (answers.get(seen) ?? 0) + 1)
  return received.length === 0 ? [] : [{ what, answers }]
}

const wait =
  (signal: AbortSignal) =>
  (ms: number): TE.TaskEither<Failure, void> =>
    TE.tryCatch(
      () => sleep(ms, undefined, { signal }),
      () => stopped
    )

const each = <A, B>(items: ReadonlyArray<A>, make: (item: A) => E.Either<Failure, B>) =>
  TE.fromEither(E.traverseArray(make)(items))

const sameOutcomes = (first: ReadonlyArray<Received>, again: ReadonlyArray<Received>): number =>
  first.filter(
    ({ outcome }, index) => outcome !== undefined && JSON.stringify(outcome) === JSON.stringify(again[index]?.outcome)
  ).length

/** Plays every delivery through the ledger: as it comes first, again, tampered with, and under another id. */
export const runDemo = (
  { cli, ledger, store, signal, bar }: DemoDeps,
  deliveries: ReadonlyArray<Delivery>
): TE.TaskEither<Failure, DemoResult> => {
  const receive = receiver(ledger, 'webhook-endpoint', cli.now)
  const receiveInTheEnd = comingAgain(receive, wait(signal), 2 * leaseMs)
  let done = 0
  const told = (received: TE.TaskEither<Failure, Received>) =>
    pipe(
      received,
      TE.tapIO(() => () => bar.at(++done))
    )
  const all = (items: ReadonlyArray<Delivery>, receiveOne = receiveInTheEnd) =>
    atOnce(concurrency, signal)(items, (item) => told(receiveOne(item)))

  const settled = (received: ReadonlyArray<Received>) =>
    atOnce(concurrency, signal)([...received.entries()], ([index, one]) => {
      const delivery = deliveries[index]
      return delivery === undefined || one.seen !== 'in flight' ? TE.right(one) : receiveInTheEnd(delivery)
    })

  return pipe(
    TE.Do,
    TE.bind('crashed', () => TE.fromEither(pickCrashed(cli, deliveries))),
    TE.bind('known', ({ crashed }) =>
      ledger.get({ tenant: tenantOf(crashed), operation: operation.delivery, key: crashed.id })
    ),
    TE.bind('claims', ({ crashed, known }) =>
      store !== undefined && known?.outcome === undefined ? crashedWorker(cli, store, crashed, signal) : TE.right([])
    ),
    TE.let('began', () => performance.now()),
    TE.bind('meanwhile', ({ crashed, claims }) =>
      atOnce(1, signal)(claims.length === 0 ? [] : [crashed], (one) => told(receive(one, cli.now() - whileLeaseRanMs)))
    ),
    TE.bind('arrived', () => all(deliveries, receive)),
    TE.bind('first', ({ arrived }) => settled(arrived)),
    TE.bind('lateRefused', ({ crashed, claims }) => lateCompletion(ledger, claims, crashed, cli.now())),
    TE.let('used', ({ first }) => deliveries.filter(({ id }, index) => first[index]?.outcome?.primaryRefId === id)),
    TE.tapIO(
      ({ used }) =>
        () =>
          bar.at(done, done + deliveries.length + 2 * used.length)
    ),
    TE.bind('again', () => all(deliveries)),
    TE.bind('tampered', ({ used }) =>
      pipe(
        each(used, tampered(cli)),
        TE.flatMap((items) => all(items))
      )
    ),
    TE.bind('renamed', ({ used }) =>
      pipe(
        each(used, renamed(cli)),
        TE.flatMap((items) => all(items))
      )
    ),
    TE.let('seconds', ({ began }) => (performance.now() - began) / 1000),
    TE.bind('timeline', ({ crashed }) =>
      ledger.history({ tenant: tenantOf(crashed), operation: operation.delivery, key: crashed.id })
    ),
    TE.map((seen) => ({
      passes: [
        ...counted('one whose worker was killed', seen.meanwhile),
        ...counted('each delivery', seen.first),
        ...counted(
          '  of these, at first',
          seen.arrived.filter((one) => one.seen === 'in flight')
        ),
        ...counted('each delivery again', seen.again),
        ...counted('another body under a used id', seen.tampered),
        ...counted('the same body under a new id', seen.renamed)
      ],
      deliveries: done,
      bytes: deliveries.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0),
      again: seen.again.length,
      sameOutcome: sameOutcomes(seen.first, seen.again),
      crashed: seen.crashed,
      killed: seen.claims.length > 0,
      lateRefused: seen.lateRefused,
      timeline: seen.timeline,
      seconds: seen.seconds
    }))
  )
}
