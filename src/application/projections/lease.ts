import * as E from 'fp-ts/Either'
import type { Claim } from '../../domain/claim.ts'
import type { Failure } from '../../domain/failure.ts'
import type { TaskLedger } from '../ledger.ts'
import type { Timer } from '../ports/timer.ts'

/** The right to be the one runner of something, until it is let go of or lost. */
export type Hold = {
  /** The fence: higher than that of every holder before. */
  readonly epoch: number
  /** Aborted once somebody else may hold it. */
  readonly lost: AbortSignal
  readonly release: () => Promise<void>
}

/** Gives one holder at a time; waits for the one before until the signal, and then gives none. */
export type Leases = (resource: string, signal: AbortSignal) => Promise<E.Either<Failure, Hold | undefined>>

/** The fence of whoever has no lease: below those of all holders. */
export const noEpoch = 0

/** For whoever sees to it otherwise that there is one runner: only the checkpoint then tells two apart. */
export const noLeases: Leases = async () =>
  E.right({ epoch: noEpoch, lost: new AbortController().signal, release: async () => {} })

/** Whose keys the leases are: in a category beside that of the log that is followed. */
const tenant = { orgId: 'keyfold', workspaceId: 'projections' } as const
const operation = 'run'

/** How often a lease is renewed, and asked for again, within its length. */
const timesPerLease = 4

type Ledger = Pick<TaskLedger, 'reserve' | 'renew' | 'release'>

/** Renews until it is let go of. A failure to renew is no loss before the lease is over by this process's own time. */
const keepAlive = async (ledger: Ledger, timer: Timer, claim: Claim, leaseMs: number, lost: AbortController) => {
  let renewedAt = timer.monotonicMs()
  while (!lost.signal.aborted) {
    await timer.sleep(leaseMs / timesPerLease, lost.signal)()
    if (lost.signal.aborted) return
    const askedAt = timer.monotonicMs()
    const renewed = await ledger.renew({ claim, leaseMs })()
    const isHeld = E.isRight(renewed) && renewed.right._tag === 'Renewed'
    if (isHeld) renewedAt = askedAt
    else if (E.isRight(renewed) || timer.monotonicMs() - renewedAt >= leaseMs) lost.abort()
  }
}

/**
 * Leases by keyfold's own ledger: a reservation is the hold, its epoch is the fence. After a crash the next one takes over
 * once the lease is over.
 */
export const ledgerLeases =
  (ledger: Ledger, timer: Timer, owner: string, leaseMs: number): Leases =>
  async (resource, signal) => {
    const request = { tenant, operation, key: resource, owner, requestFingerprint: resource, lease: leaseMs }
    while (!signal.aborted) {
      const answer = await ledger.reserve(request)()
      if (E.isLeft(answer)) return answer
      if (answer.right._tag !== 'Reserved') {
        await timer.sleep(leaseMs / timesPerLease, signal)()
        continue
      }
      const { claim } = answer.right
      const lost = new AbortController()
      const kept = keepAlive(ledger, timer, claim, leaseMs, lost)
      return E.right({
        epoch: claim.epoch,
        lost: lost.signal,
        release: async () => {
          lost.abort()
          await kept
          // who comes next waits for the lease's end where this fails
          await ledger.release({ claim })()
        }
      })
    }
    return E.right(undefined)
  }
