import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { TaskLedger } from '../../../application/ledger.ts'
import type { HistoryEntry } from '../../../application/use-cases/history.ts'
import { type Failure, failure } from '../../../domain/failure.ts'
import type { CliDeps } from '../deps.ts'
import { atOnce } from './at-once.ts'
import { crashedWorker, lateCompletion, whileLeaseRanMs } from './crash.ts'
import { type Delivery, guid, leaseMs, operation, tenantOf } from './delivery.ts'
import { type Received, receiver, type Seen } from './receive.ts'

/** One kind of arrival, and how often it was answered how. */
export type Pass = { readonly what: string; readonly answers: ReadonlyMap<Seen, number> }

export type DemoResult = {
  readonly passes: ReadonlyArray<Pass>
  readonly deliveries: number
  readonly bytes: number
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
  readonly store: string
  readonly signal: AbortSignal
  readonly onReceived: () => void
}

/** How many deliveries are received at the same time. */
const concurrency = 64

const counted = (what: string, received: ReadonlyArray<Received>): Pass => {
  const answers = new Map<Seen, number>()
  for (const { seen } of received) answers.set(seen, (answers.get(seen) ?? 0) + 1)
  return { what, answers }
}

const tampered =
  ({ fingerprint }: Pick<CliDeps, 'fingerprint'>) =>
  (delivery: Delivery): E.Either<Failure, Delivery> => {
    const body = JSON.stringify({ ...JSON.parse(delivery.body), tampered: true })
    return pipe(
      fingerprint([body]),
      E.map((digest) => ({ ...delivery, body, digest }))
    )
  }

const underAnotherId =
  ({ fingerprint }: Pick<CliDeps, 'fingerprint'>) =>
  (delivery: Delivery): E.Either<Failure, Delivery> =>
    pipe(
      fingerprint(['another delivery', delivery.id]),
      E.map((id) => ({ ...delivery, id: guid(id) }))
    )

const each = <A, B>(items: ReadonlyArray<A>, make: (item: A) => E.Either<Failure, B>) =>
  TE.fromEither(E.traverseArray(make)(items))

/**
 * The delivery whose worker is killed: one whose body nobody else has, and whose id is claimed before its digest, so
 * that its key's timeline shows all that came.
 */
const pickCrashed = (deps: CliDeps, deliveries: ReadonlyArray<Delivery>): E.Either<Failure, Delivery> => {
  const bodies = new Map<string, number>()
  const named = ({ host, digest }: Delivery): string => `${host} ${digest}`
  for (const delivery of deliveries) bodies.set(named(delivery), (bodies.get(named(delivery)) ?? 0) + 1)
  const found = deliveries.find((delivery) => {
    const ids = E.sequenceArray([
      deps.recordId(tenantOf(delivery), operation.delivery, delivery.id),
      deps.recordId(tenantOf(delivery), operation.body, delivery.digest)
    ])
    const [id = '', digestId = ''] = E.isRight(ids) ? ids.right : []
    return bodies.get(named(delivery)) === 1 && id < digestId && delivery.event === 'push'
  })
  return E.fromNullable(failure('InvalidInput', 'the examples hold no push event'))(found)
}

const sameOutcomes = (first: ReadonlyArray<Received>, again: ReadonlyArray<Received>): boolean =>
  first.every(({ outcome }, index) => JSON.stringify(outcome) === JSON.stringify(again[index]?.outcome))

/** Plays every delivery through the ledger: as it comes first, again, tampered with, and under another id. */
export const runDemo = (
  { cli, ledger, store, signal, onReceived }: DemoDeps,
  deliveries: ReadonlyArray<Delivery>
): TE.TaskEither<Failure, DemoResult> => {
  const receive = receiver(ledger, 'webhook-endpoint', cli.now)
  const told = (delivery: Delivery, nowMs?: number) =>
    pipe(
      receive(delivery, nowMs),
      TE.tapIO(() => onReceived)
    )
  const all = (items: ReadonlyArray<Delivery>) => atOnce(concurrency, signal)(items, (item) => told(item))

  /** As GitHub does it: who was told "in flight" comes again; by then its holder is done, or its lease is over. */
  const comeAgain = (delivery: Delivery, received: Received): TE.TaskEither<Failure, Received> =>
    received.seen !== 'in flight'
      ? TE.right(received)
      : pipe(
          receive(delivery),
          TE.flatMap((again) => (again.seen === 'in flight' ? receive(delivery, cli.now() + leaseMs) : TE.right(again)))
        )
  const settled = (received: ReadonlyArray<Received>) =>
    atOnce(1, signal)([...received.entries()], ([index, one]) => {
      const delivery = deliveries[index]
      return delivery === undefined ? TE.right(one) : comeAgain(delivery, one)
    })

  return pipe(
    TE.Do,
    TE.bind('crashed', () => TE.fromEither(pickCrashed(cli, deliveries))),
    TE.bind('known', ({ crashed }) =>
      ledger.get({ tenant: tenantOf(crashed), operation: operation.delivery, key: crashed.id })
    ),
    TE.bind('worker', ({ crashed, known }) =>
      known?.outcome === undefined
        ? crashedWorker(cli, store, crashed)
        : TE.right({ deliveryId: crashed.id, claims: [] })
    ),
    TE.let('began', () => performance.now()),
    TE.bind('meanwhile', ({ crashed, worker }) =>
      worker.claims.length === 0
        ? TE.right<Failure, ReadonlyArray<Received>>([])
        : pipe(
            told(crashed, cli.now() - whileLeaseRanMs),
            TE.map((one) => [one])
          )
    ),
    TE.bind('arrived', () => all(deliveries)),
    TE.bind('first', ({ arrived }) => settled(arrived)),
    TE.bind('lateRefused', ({ crashed, worker }) => lateCompletion(ledger, worker, crashed, cli.now())),
    TE.bind('again', () => all(deliveries)),
    TE.filterOrElse(
      ({ first, again }) => sameOutcomes(first, again),
      () => failure('CorruptStream', 'a redelivery was not answered with the first outcome')
    ),
    TE.let('used', ({ first }) => deliveries.filter(({ id }, index) => first[index]?.outcome?.primaryRefId === id)),
    TE.bind('tampered', ({ used }) => pipe(each(used, tampered(cli)), TE.flatMap(all))),
    TE.bind('renamed', ({ used }) => pipe(each(used, underAnotherId(cli)), TE.flatMap(all))),
    TE.let('seconds', ({ began }) => (performance.now() - began) / 1000),
    TE.bind('timeline', ({ crashed }) =>
      ledger.history({ tenant: tenantOf(crashed), operation: operation.delivery, key: crashed.id })
    ),
    TE.map(({ meanwhile, arrived, first, again, tampered: altered, renamed, ...rest }) => ({
      passes: [
        ...(meanwhile.length === 0
          ? []
          : [counted('a delivery whose worker was killed, while its lease ran', meanwhile)]),
        counted('every delivery', first),
        ...(arrived.some(({ seen }) => seen === 'in flight')
          ? [
              counted(
                'of these, told to come again',
                arrived.filter(({ seen }) => seen === 'in flight')
              )
            ]
          : []),
        counted('every delivery again, same id and body', again),
        counted('another body under a used id', altered),
        counted('the same body under another id', renamed)
      ],
      deliveries: meanwhile.length + arrived.length + again.length + altered.length + renamed.length,
      bytes: deliveries.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0),
      crashed: rest.crashed,
      killed: rest.worker.claims.length > 0,
      lateRefused: rest.lateRefused,
      timeline: rest.timeline,
      seconds: rest.seconds
    }))
  )
}
