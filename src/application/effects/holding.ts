import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as NEA from 'fp-ts/NonEmptyArray'
import * as TE from 'fp-ts/TaskEither'
import type {
  CompleteAnswer,
  MarkInDoubtAnswer,
  ReachRecoveryPointAnswer,
  ReleaseAnswer,
  RenewAnswer,
  Reserved
} from '../../domain/answers.ts'
import type { Claim } from '../../domain/claim.ts'
import type { LedgerEvent } from '../../domain/events/ledger-event.ts'
import type { Failure } from '../../domain/failure.ts'
import type { Json } from '../../domain/json.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import type { KeyInput, OutcomeInput, RequestContext } from '../requests/requests.ts'
import { asked, type EffectsLedger, type ManyKeysLedger } from './effects-ledger.ts'

/** Who writes, and why: the same for all that is written for one task. */
export type Provenance = Pick<RequestContext, 'actor' | 'correlationId' | 'causationId'>

/** What a task holds, one key or several, and what can be done with it. Of several, the first stands for all. */
export type Holding = {
  readonly claim: Claim
  readonly record: IdempotencyRecord
  readonly takeover: boolean
  readonly previous?: IdempotencyRecord
  /** All that ever happened to the key. */
  readonly history: () => TE.TaskEither<Failure, ReadonlyArray<LedgerEvent>>
  readonly renew: (leaseMs: number) => TE.TaskEither<Failure, RenewAnswer>
  readonly complete: (outcome: OutcomeInput) => TE.TaskEither<Failure, CompleteAnswer>
  readonly release: () => TE.TaskEither<Failure, ReleaseAnswer>
  readonly markInDoubt: () => TE.TaskEither<Failure, MarkInDoubtAnswer>
  readonly reach: (name: string, data: Json | undefined) => TE.TaskEither<Failure, ReachRecoveryPointAnswer>
}

const heldBy = ({ claim, record, takeover, previous }: Reserved) => ({
  claim,
  record,
  takeover,
  ...(previous && { previous })
})

/** One key. */
export const holdingOf = (
  ledger: EffectsLedger,
  { tenant, operation, key }: KeyInput,
  reserved: Reserved,
  provenance: Provenance
): Holding => {
  const by = { claim: reserved.claim, ...provenance }
  return {
    ...heldBy(reserved),
    history: () => ledger.history({ tenant, operation, key }),
    renew: (leaseMs) => ledger.renew({ ...by, leaseMs }),
    complete: (outcome) => ledger.complete({ ...by, outcome }),
    release: () => ledger.release(by),
    markInDoubt: () => ledger.markInDoubt(by),
    reach: (name, data) => ledger.reachRecoveryPoint({ ...by, name, data })
  }
}

/** Of several answers the one that tells of trouble, else the first. */
const worst =
  <T extends { readonly _tag: string }>(good: T['_tag']) =>
  ([first, ...others]: readonly [T, ...Array<T>]): T =>
    [first, ...others].find(({ _tag }) => _tag !== good) ?? first

type Many<A> = readonly [A, ...Array<A>]

const isMany = <A>(all: ReadonlyArray<A>): all is Many<A> => all.length > 0

/** The same on each claim, one after another, whatever fails; then the first failure is told. */
const onEach =
  <A extends { readonly _tag: string }>(
    claims: Many<Claim>,
    good: A['_tag'],
    one: (claim: Claim) => TE.TaskEither<Failure, A>
  ): TE.TaskEither<Failure, A> =>
  async () => {
    const [first, ...others] = claims
    const answers: [E.Either<Failure, A>, ...Array<E.Either<Failure, A>>] = [await asked(() => one(first))]
    for (const claim of others) answers.push(await asked(() => one(claim)))
    return pipe(
      answers,
      NEA.sequence(E.Applicative),
      E.map(([head, ...tail]) => worst<A>(good)([head, ...tail]))
    )
  }

/** Several keys, in the order in which they were given. */
export const holdingAll = (
  ledger: ManyKeysLedger,
  firstKey: KeyInput,
  reservations: Many<Reserved>,
  provenance: Provenance
): Holding => {
  const [first] = reservations
  const claims = reservations.map(({ claim }) => claim)
  if (!isMany(claims)) return holdingOf(ledger, firstKey, first, provenance)
  const takenOver = reservations.find(({ takeover }) => takeover)
  return {
    ...holdingOf(ledger, firstKey, first, provenance),
    takeover: takenOver !== undefined,
    ...(takenOver?.previous && { previous: takenOver.previous }),
    renew: (leaseMs) =>
      onEach<RenewAnswer>(claims, 'Renewed', (claim) => ledger.renew({ claim, leaseMs, ...provenance })),
    complete: (outcome) =>
      pipe(
        ledger.completeAll({ claims, outcome, ...provenance }),
        TE.map((all) => (isMany(all) ? worst<CompleteAnswer>('Completed')(all) : { _tag: 'ClaimLost' as const }))
      ),
    release: () =>
      pipe(
        ledger.releaseAll({ claims, ...provenance }),
        TE.map((all) => (isMany(all) ? worst<ReleaseAnswer>('Released')(all) : { _tag: 'ClaimLost' as const }))
      ),
    markInDoubt: () =>
      onEach<MarkInDoubtAnswer>(claims, 'Marked', (claim) => ledger.markInDoubt({ claim, ...provenance }))
  }
}
