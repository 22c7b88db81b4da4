import { hasNewMembers } from './record.ts'
import { State } from './state.ts'

/** The version of `evolve` and of the state's shape. Raise it with either. */
export const foldVersion = 3

/** The version before, which folds no recovery points and no doubt, and refuses streams that have them. */
const versionBefore = 2

/** The versions whose snapshots hold all that this fold knows. Others are passed over. */
const readable: ReadonlySet<unknown> = new Set([versionBefore, foldVersion])

/** Whether snapshots of a version hold all that this fold knows. */
export const isReadableFold = (version: unknown): boolean => readable.has(version)

/** The version of a state's snapshot: the oldest whose fold can go on from it, and leaves nothing out. */
export const snapshotVersion = (state: State): number => {
  const record = state._tag === 'Held' ? state.record : state.ended?.record
  return record !== undefined && hasNewMembers(record) ? foldVersion : versionBefore
}

/** How many revisions lie between snapshots: they stand on 63, 127, … */
export const snapshotInterval = 64n

/**
 * Whether an event at a revision is to carry a snapshot, where a backward reader would stop at `stopAt` without it: it
 * is due on 63, 127, …, and stays due for the next event where it was left out there.
 */
export const isSnapshotDue = (revision: bigint, stopAt: bigint): boolean =>
  // most streams never get there, and a division makes numbers of its own
  revision + 1n >= snapshotInterval && (revision + 1n) / snapshotInterval > (stopAt + 1n) / snapshotInterval

/** The state in a snapshot, where this build's fold can go on from it. */
export const stateOf = (snapshot: unknown): State | undefined => {
  if (typeof snapshot !== 'object' || snapshot === null) return undefined
  const { foldVersion: version, state }: { foldVersion?: unknown; state?: unknown } = snapshot
  return isReadableFold(version) && State.is(state) ? state : undefined
}
