import * as E from 'fp-ts/Either'
import { asked } from './effects-ledger.ts'
import type { Holding } from './holding.ts'
import { isKnownHeld, knownHeldFrom, type Moment, renewAfterMs, retryRenewalAfterMs } from './lease-schedule.ts'
import { momentNow, type Surroundings } from './surroundings.ts'

/** Why the beat ended by itself. */
export type LostBy = 'ClaimLost' | 'LeaseUnknown'

/** A lease that is renewed. */
export type Beat = {
  /** At once and for good. */
  readonly stop: () => void
  /** How long the claim is known to be held from now on, ms. */
  readonly leftMs: () => number
  /** When the lease ends by the last renewal, epoch ms. */
  readonly leaseExpiresAtMs: () => number | undefined
}

/**
 * Renews a lease until it is stopped, or until the claim is lost, or can no longer be known to be held; of that it tells
 * once. `heldSince` is a moment before the lease was asked for.
 */
export const heartbeat = (
  surroundings: Surroundings,
  holding: Pick<Holding, 'renew' | 'record'>,
  leaseMs: number,
  heldSince: Moment,
  onLost: (why: LostBy) => void
): Beat => {
  const { timer, random, clockSkewMs } = surroundings
  const end = new AbortController()
  const heldMs = leaseMs - clockSkewMs
  let known = knownHeldFrom(heldSince, leaseMs, clockSkewMs)
  let leaseEnd = holding.record.leaseExpiresAtMs

  const lose = (why: LostBy): void => {
    if (end.signal.aborted) return
    end.abort()
    onLost(why)
  }

  /** A renewal may take longer than the lease: the end does not wait for its answer. */
  const watch = async (): Promise<void> => {
    while (!end.signal.aborted) {
      const left = known.untilMonotonicMs - timer.monotonicMs()
      if (left <= 0) return lose('LeaseUnknown')
      await timer.sleep(left, end.signal)()
    }
  }

  const beat = async (): Promise<void> => {
    let failed = 0
    while (!end.signal.aborted) {
      const fraction = random.fraction()
      const pause = failed === 0 ? renewAfterMs(heldMs, fraction) : retryRenewalAfterMs(heldMs, failed, fraction)
      await timer.sleep(pause, end.signal)()
      if (end.signal.aborted) return
      const sent = momentNow(surroundings)
      const answer = await asked(() => holding.renew(leaseMs))
      if (E.isRight(answer)) {
        if (answer.right._tag !== 'Renewed') return lose('ClaimLost')
        failed = 0
        // by a clock that ran back the end does not move, and by the clocks of others it comes when it would have come
        if (answer.right.leaseExpiresAtMs <= (leaseEnd ?? 0)) continue
        leaseEnd = answer.right.leaseExpiresAtMs
        known = knownHeldFrom(sent, leaseMs, clockSkewMs)
      } else if (answer.left._tag === 'UnknownClaim') return lose('ClaimLost')
      else if (!isKnownHeld(known, momentNow(surroundings))) return lose('LeaseUnknown')
      else failed++
    }
  }

  // a timer or a clock that throws leaves nothing to know by
  const orLost = (): void => lose('LeaseUnknown')
  watch().catch(orLost)
  beat().catch(orLost)
  return {
    stop: () => end.abort(),
    leftMs: () => known.untilMonotonicMs - timer.monotonicMs(),
    leaseExpiresAtMs: () => leaseEnd
  }
}
