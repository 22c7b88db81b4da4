import type { Position } from '../../../ports/event-store.ts'
import type { Finding } from './finding.ts'

/** What `verify` came to. */
export type Verified = {
  /** How many events were looked at. */
  readonly events: number
  /** How many streams begin among them. */
  readonly keys: number
  /** The first thousand; `onFinding` is told of all. */
  readonly findings: ReadonlyArray<Finding>
  /** How many findings there were. */
  readonly findingCount: number
  /** Snapshots of another version of the fold, which this build cannot judge. */
  readonly snapshotsNotJudged: number
  /** Events of streams that only begin like one of a key. */
  readonly foreignEvents: number
  /** Where to read on later: all up to here was looked at. Of one key there is none. */
  readonly next?: Position | 'start'
}

/** How far a run is. `next` is where another can go on, should this one be broken off. */
export type VerifyProgress = Pick<Verified, 'events' | 'keys' | 'findingCount' | 'next'>

/** How many findings are held; the others are counted and told. */
const maxHeld = 1000

/** What was seen so far. Mutable: every event goes through it. */
export type Tally = {
  events: number
  keys: number
  snapshotsNotJudged: number
  foreignEvents: number
  next?: Position | 'start'
  readonly found: (finding: Finding) => void
  readonly progress: () => VerifyProgress
  readonly verified: () => Verified
}

export const tallyOf = (onFinding: ((finding: Finding) => void) | undefined): Tally => {
  const findings: Array<Finding> = []
  let findingCount = 0
  const tally: Tally = {
    events: 0,
    keys: 0,
    snapshotsNotJudged: 0,
    foreignEvents: 0,
    found: (finding) => {
      findingCount++
      if (findings.length < maxHeld) findings.push(finding)
      onFinding?.(finding)
    },
    progress: () => {
      const { events, keys, next } = tally
      return { events, keys, findingCount, ...(next !== undefined && { next }) }
    },
    verified: () => {
      const { events, keys, snapshotsNotJudged, foreignEvents, next } = tally
      return {
        events,
        keys,
        findings,
        findingCount,
        snapshotsNotJudged,
        foreignEvents,
        ...(next !== undefined && { next })
      }
    }
  }
  return tally
}
