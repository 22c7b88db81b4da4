/** A moment by both measures of time: one never runs backwards, by the other rivals judge the lease. */
export type Moment = { readonly monotonicMs: number; readonly clockMs: number | undefined }

/** Until when a lease is known to be held, by both. */
export type KnownHeld = { readonly untilMonotonicMs: number; readonly untilClockMs: number }

/**
 * What a reserve or renewal that succeeded proves, counted from before it was sent: the store's own moment was later. The
 * skew is taken off, though rivals wait for it too: it may be theirs.
 */
export const knownHeldFrom = (sent: Moment, leaseMs: number, clockSkewMs: number): KnownHeld => ({
  untilMonotonicMs: sent.monotonicMs + leaseMs - clockSkewMs,
  untilClockMs: sent.clockMs === undefined ? Number.POSITIVE_INFINITY : sent.clockMs + leaseMs - clockSkewMs
})

/** Whichever runs out first counts: a clock may leap ahead, or a monotonic time stand still in a machine that sleeps. */
export const isKnownHeld = (known: KnownHeld, now: Moment): boolean =>
  now.monotonicMs < known.untilMonotonicMs && (now.clockMs === undefined || now.clockMs < known.untilClockMs)

/**
 * When to renew: at a third of the time for which the lease is known to be held, which is the lease less the skew, and up
 * to a fifth of that sooner, so that many do not renew together.
 */
export const renewAfterMs = (heldMs: number, fraction: number): number => Math.max(1, (heldMs / 3) * (1 - fraction / 5))

/** When to try again after a renewal that failed: soon, then ever later up to a sixth of that time, with jitter. */
export const retryRenewalAfterMs = (heldMs: number, tries: number, fraction: number): number =>
  Math.max(1, Math.min(heldMs / 6, (heldMs / 60) * 2 ** Math.min(tries, 10)) * (0.5 + fraction / 2))

/** How long until a lease is over for everybody; nothing where that is not known, or is past. */
export const lapsesInMs = (
  leaseExpiresAtMs: number | undefined,
  clockSkewMs: number,
  { clockMs }: Moment
): number | undefined => {
  if (leaseExpiresAtMs === undefined || clockMs === undefined) return undefined
  const leftMs = leaseExpiresAtMs + clockSkewMs - clockMs
  return leftMs > 0 ? leftMs : undefined
}
