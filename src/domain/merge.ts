import { maxOwners, plus } from './count.ts'
import type { LedgerEvent } from './events/ledger-event.ts'

const owners = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): ReadonlyArray<string> =>
  [...new Set([...a, ...b])].slice(0, maxOwners)

/** The one event that says what two neighbours say, where there is one: duplicates, or conflicts of one fingerprint. */
export const mergeTwo = (a: LedgerEvent, b: LedgerEvent): LedgerEvent | undefined => {
  const mergeable =
    (a.type === 'DuplicateSeen' && b.type === 'DuplicateSeen') ||
    (a.type === 'ConflictRecorded' &&
      b.type === 'ConflictRecorded' &&
      a.data.requestFingerprint === b.data.requestFingerprint)
  if (!mergeable) return undefined
  const both = {
    atMs: b.data.atMs,
    count: plus(a.data.count, b.data.count),
    owners: owners(a.data.owners, b.data.owners)
  }
  return a.type === 'DuplicateSeen'
    ? { type: a.type, data: { ...a.data, ...both } }
    : { type: a.type, data: { ...a.data, ...both } }
}

/** Merges what may be merged among neighbours, never across another event (SPEC section 6). */
export const mergeNeighbours =
  <A>(merge: (a: A, b: A) => A | undefined) =>
  (events: ReadonlyArray<A>): ReadonlyArray<A> => {
    if (events.length < 2) return events
    const merged: Array<A> = []
    for (const event of events) {
      const previous = merged.at(-1)
      const both = previous === undefined ? undefined : merge(previous, event)
      if (both === undefined) merged.push(event)
      else merged[merged.length - 1] = both
    }
    return merged
  }
