import * as E from 'fp-ts/Either'
import type { Failure, FailureTag } from '../../domain/failure.ts'
import { isMembers } from '../../domain/parsing/values.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import type { ReserveAllRequest } from '../requests/requests.ts'
import type { Asked, Claiming, Standing } from './claiming.ts'
import { asked } from './effects-ledger.ts'
import type { Holding } from './holding.ts'
import { lapsesInMs, type Moment } from './lease-schedule.ts'
import type { Blocking, OnceAnswer } from './once-answer.ts'
import type { Codec } from './result-codec.ts'
import type { ResultUnreadable } from './result-unreadable.ts'
import { retrying } from './retrying.ts'
import { replayOf } from './stored-result.ts'
import { momentNow, type Surroundings } from './surroundings.ts'

/** Somebody at work: where waiting can help. */
const isAtWork = ({ answer }: Extract<Asked, { _tag: 'Stands' }>): boolean =>
  answer._tag === 'Duplicate' && answer.record.outcome === undefined

/** Each round writes that the key was seen: a key that goes from hand to hand is not waited for without end. */
const maxRounds = 16

const onlyDoubt: ReadonlySet<FailureTag> = new Set<FailureTag>(['AppendUnknown'])

/** A holding and a moment before it was asked for, or the answer of whoever was there before. */
export type Acquired<A> =
  | { readonly _tag: 'Held'; readonly holding: Holding; readonly since: Moment }
  | { readonly _tag: 'Answer'; readonly answer: OnceAnswer<A> }

type Result<A> = E.Either<Failure | ResultUnreadable, Acquired<A>>

/**
 * Reserves, or waits for whoever is at work and answers with what came of it. A reserve in doubt is asked again with the
 * same claim id; one whose holder's time is over is asked again, and takes over.
 */
export const acquire = async <A>(
  surroundings: Surroundings,
  { reserve, ledger }: Claiming,
  requests: ReadonlyArray<ReserveAllRequest>,
  waitMs: number,
  codec: Codec<A>
): Promise<Result<A>> => {
  const { timer, clockSkewMs } = surroundings
  const until = timer.monotonicMs() + waitMs

  const answered = (answer: OnceAnswer<A>): Result<A> => E.right({ _tag: 'Answer', answer })

  const replayed = async (record: IdempotencyRecord, blocked: Blocking | undefined): Promise<Result<A>> => {
    if (record.outcome === undefined) return inFlight(record, blocked)
    const replay = await replayOf(codec, record, record.outcome)
    return E.isLeft(replay) ? replay : answered({ ...replay.right, ...(blocked && { blocked }) })
  }

  const inFlight = (record: IdempotencyRecord, blocked: Blocking | undefined): Result<A> => {
    // a lease that is over, where policy forbids a takeover, tells nothing of when to ask again
    const retryAfterMs = lapsesInMs(record.leaseExpiresAtMs, clockSkewMs, momentNow(surroundings))
    return answered({
      _tag: 'InFlight',
      record,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(blocked && { blocked })
    })
  }

  const standing = (answer: Standing, blocked: Blocking | undefined): Promise<Result<A>> | Result<A> => {
    const where = blocked && { blocked }
    switch (answer._tag) {
      case 'Duplicate':
        return replayed(answer.record, blocked)
      case 'Conflict':
        return answered({ _tag: 'Conflict', record: answer.record, ...where })
      case 'InDoubt':
        return answered({ _tag: 'InDoubt', record: answer.record, ...where })
      case 'Gone':
        return answered({ _tag: 'Gone', previous: answer.previous, ...where })
    }
  }

  for (let round = 1; ; round++) {
    let since = momentNow(surroundings)
    const got = await retrying(surroundings, onlyDoubt, () => {
      since = momentNow(surroundings)
      return reserve
    })
    if (E.isLeft(got)) return got
    if (got.right._tag === 'Held') return E.right({ _tag: 'Held', holding: got.right.holding, since })
    const { answer, index, blocked } = got.right
    const leftMs = Math.floor(until - timer.monotonicMs())
    const request = requests[index]
    if (!isAtWork(got.right) || answer._tag !== 'Duplicate' || leftMs <= 0 || round >= maxRounds || !request) {
      return standing(answer, blocked)
    }
    const { tenant, operation, key, signal } = request
    const waited = await asked(() => ledger.awaitOutcome({ tenant, operation, key, waitMs: leftMs, signal }))
    // who waited in vain has his answer all the same: somebody was at work on it
    if (E.isLeft(waited)) return inFlight(answer.record, blocked)
    if (waited.right._tag === 'Vacant' || waited.right._tag === 'Lapsed') continue
    const { _tag, record } = waited.right
    // a wrapper may answer anything
    if (!isMembers(record)) return inFlight(answer.record, blocked)
    if (_tag === 'InFlight') return inFlight(record, blocked)
    // the key may be another request's by now
    if (record.requestFingerprint !== answer.record.requestFingerprint) continue
    return _tag === 'InDoubt' ? answered({ _tag, record, ...(blocked && { blocked }) }) : replayed(record, blocked)
  }
}
