import { tombstone } from './events.ts'
import type { Log } from './log.ts'
import { hasMetastream } from './log-view.ts'

/** The revision that a client expects a stream to have. As a number, -1 is no stream too. */
export type Expected = 'any' | 'noStream' | 'streamExists' | bigint

/** What the server decides about a write before it writes. `end` is the number of the last repeated event. */
export type Decision =
  | { readonly _tag: 'Write' }
  | { readonly _tag: 'Idempotent'; readonly end: bigint }
  | { readonly _tag: 'WrongVersion'; readonly current: bigint }
  | { readonly _tag: 'Deleted' }

const write: Decision = { _tag: 'Write' }
const deleted: Decision = { _tag: 'Deleted' }
const wrongVersion = (current: bigint): Decision => ({ _tag: 'WrongVersion', current })

/** Without a revision there is only what the leader remembers of ids. */
const byCache = (log: Log, stream: string, ids: ReadonlyArray<string>, current: bigint): Decision => {
  let end: bigint | undefined
  for (const id of ids) {
    const known = log.findId(id)
    if (known?.stream !== stream) return end === undefined ? write : wrongVersion(current)
    end = known.revision
  }
  return end === undefined ? write : { _tag: 'Idempotent', end }
}

/** The events that follow the expected revision are compared with the log itself, whatever reads may hide of it. */
const byLog = (
  { written }: Log,
  stream: string,
  ids: ReadonlyArray<string>,
  expected: bigint,
  current: bigint
): Decision => {
  const events = written.eventsOf(stream)
  let end = expected
  for (const id of ids) {
    if (events[Number(end + 1n)]?.id !== id) {
      const undeletes = end === -1n && expected === -1n && written.isSoftDeleted(stream)
      return undeletes ? write : wrongVersion(current)
    }
    end += 1n
  }
  return end === expected ? wrongVersion(current) : { _tag: 'Idempotent', end }
}

/** The server's rule for every write, row by row as `docs/reference/eventstoredb-stand-in.md` lists it. */
export const checkCommit = (log: Log, stream: string, expected: Expected, ids: ReadonlyArray<string>): Decision => {
  const { written } = log
  const current = written.lastOf(stream)
  if (current === tombstone) return deleted
  if (expected === 'streamExists') {
    if (written.isSoftDeleted(stream)) return deleted
    if (current === -1n && !hasMetastream(written, stream)) return wrongVersion(current)
  }
  if (expected === 'any' || expected === 'streamExists') return byCache(log, stream, ids, current)
  const revision = expected === 'noStream' ? -1n : expected
  if (revision === current) return write
  return revision > current ? wrongVersion(current) : byLog(log, stream, ids, revision, current)
}
