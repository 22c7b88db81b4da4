import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
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
import type { Failure } from '../../domain/failure.ts'
import type { Json } from '../../domain/json.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import type { RecoveryPoints } from '../../domain/recovery-points.ts'
import type { OutcomeInput, RequestContext } from '../requests/requests.ts'
import type { EffectsLedger, ManyKeysLedger } from './effects-ledger.ts'

/** Who writes, and why: the same for all that is written for one task. */
export type Provenance = Pick<RequestContext, 'actor' | 'correlationId' | 'causationId'>

/** What a task holds, one key or several, and what can be done with it. Of several, the first stands for all. */
export type Holding = {
  readonly claim: Claim
  readonly record: IdempotencyRecord
  readonly takeover: boolean
  readonly previous?: IdempotencyRecord
  /** Points of an attempt that was given back: they are to be written into this one before they count. */
  readonly carried: RecoveryPoints
  readonly renew: (leaseMs: number) => TE.TaskEither<Failure, RenewAnswer>
  readonly complete: (outcome: OutcomeInput) => TE.TaskEither<Failure, CompleteAnswer>
  readonly release: () => TE.TaskEither<Failure, ReleaseAnswer>
  readonly markInDoubt: () => TE.TaskEither<Failure, MarkInDoubtAnswer>
  readonly reach: (name: string, data: Json | undefined) => TE.TaskEither<Failure, ReachRecoveryPointAnswer>
}

/**
 * An attempt that was given back had no lease to take over, so that its points were not inherited. They count where it
 * was the same request that goes on; an operator's end, which is a takeover, starts anew.
 */
const carriedBy = ({ takeover, previous, record }: Reserved): RecoveryPoints =>
  !takeover && previous?.outcome === undefined && previous?.requestFingerprint === record.requestFingerprint
    ? (previous.recoveryPoints ?? [])
    : []

const heldBy = ({ claim, record, takeover, previous, ...rest }: Reserved) => ({
  claim,
  record,
  takeover,
  ...(previous && { previous }),
  carried: carriedBy({ claim, record, takeover, ...(previous && { previous }), ...rest })
})

/** One key. */
export const holdingOf = (ledger: EffectsLedger, reserved: Reserved, provenance: Provenance): Holding => {
  const by = { claim: reserved.claim, ...provenance }
  return {
    ...heldBy(reserved),
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

/** The same on each claim, one after another, up to the first failure. */
const onEach =
  <A extends { readonly _tag: string }>(
    claims: Many<Claim>,
    good: A['_tag'],
    one: (claim: Claim) => TE.TaskEither<Failure, A>
  ): TE.TaskEither<Failure, A> =>
  async () => {
    const [first, ...others] = claims
    const answer = await one(first)()
    if (E.isLeft(answer)) return answer
    const answers: [A, ...Array<A>] = [answer.right]
    for (const claim of others) {
      const next = await one(claim)()
      if (E.isLeft(next)) return next
      answers.push(next.right)
    }
    return E.right(worst<A>(good)(answers))
  }

/** Several keys, in the order in which they were given. */
export const holdingAll = (ledger: ManyKeysLedger, reservations: Many<Reserved>, provenance: Provenance): Holding => {
  const [first] = reservations
  const claims = reservations.map(({ claim }) => claim)
  if (!isMany(claims)) return holdingOf(ledger, first, provenance)
  const takenOver = reservations.find(({ takeover }) => takeover)
  return {
    ...holdingOf(ledger, first, provenance),
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
