import { State } from './state.ts'

/** The version of `evolve` and of the state's shape. Raise it with either, and older snapshots are passed over. */
export const foldVersion = 1

/** How many revisions lie between snapshots: they stand on 63, 127, … */
export const snapshotInterval = 64n

export const isSnapshotDue = (revision: bigint): boolean => revision % snapshotInterval === snapshotInterval - 1n

/** The state in a snapshot, where this build's fold can go on from it. */
export const stateOf = (snapshot: unknown): State | undefined => {
  if (typeof snapshot !== 'object' || snapshot === null) return undefined
  const { foldVersion: version, state }: { foldVersion?: unknown; state?: unknown } = snapshot
  return version === foldVersion && State.is(state) ? state : undefined
}
