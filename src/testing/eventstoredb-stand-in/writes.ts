import { checkCommit, type Expected } from './check-commit.ts'
import { type LoggedEvent, type ProposedEvent, systemEvent, tombstone, tombstoneEvent } from './events.ts'
import type { Log } from './log.ts'
import { hasMetastream } from './log-view.ts'
import { isMetastream, metastreamOf, originalOf, softDeleteJson, undeletedJson } from './stream-metadata.ts'
import { visibleEvent } from './stream-view.ts'

/** How a write ended. */
export type WriteResult =
  /** Without a position the server could not read the event that a repeated write met. */
  | {
      readonly _tag: 'Written'
      readonly revision: bigint
      readonly position: bigint | undefined
      /** The answer is not sent before. */
      readonly indexed: Promise<void>
    }
  | { readonly _tag: 'WrongVersion'; readonly current: bigint }
  | { readonly _tag: 'Deleted' }
  /** A repetition of what is not indexed yet: nobody answers it. */
  | { readonly _tag: 'Dropped' }

/** Names whose append, or that of their metadata, ends the process of a server: its metadata have a stream of no name. */
export const endsServer = (stream: string): boolean => stream === '$$' || stream === '$$$$'

const written = (log: Log, revision: bigint, position: bigint): WriteResult => ({
  _tag: 'Written',
  revision,
  position,
  indexed: log.settle()
})

const repeated = (log: Log, stream: string, end: bigint): WriteResult => {
  if (log.indexed.lastOf(stream) < end) return { _tag: 'Dropped' }
  const position = visibleEvent(log.indexed, stream, end)?.position
  return { _tag: 'Written', revision: end, position, indexed: Promise.resolve() }
}

/** The second record of a write to a soft-deleted stream: a server may be seen between the two, this one cannot. */
const undelete = (log: Log, stream: string, metadata: LoggedEvent | undefined, first: bigint): void => {
  const json = metadata && undeletedJson(metadata, first)
  if (json !== undefined) log.write(metastreamOf(stream), systemEvent('$metadata', json))
}

export const append = (
  log: Log,
  stream: string,
  expected: Expected,
  events: ReadonlyArray<ProposedEvent>
): WriteResult => {
  const decision = checkCommit(
    log,
    stream,
    expected,
    events.map(({ id }) => id)
  )
  if (decision._tag === 'Idempotent') return repeated(log, stream, decision.end)
  if (decision._tag !== 'Write') return decision
  const before = log.written.lastOf(stream)
  const wasDeleted = log.written.isSoftDeleted(stream)
  // metadata onto a soft-deleted stream bring it back as an empty one
  const original =
    isMetastream(stream) && log.written.isSoftDeleted(originalOf(stream)) ? originalOf(stream) : undefined
  const newest = events.map((event) => log.write(stream, event)).at(-1)
  const position = newest?.position ?? log.writeNothing(stream)
  const metadataOf = (name: string): LoggedEvent | undefined => log.written.eventsOf(metastreamOf(name)).at(-1)
  if (wasDeleted) undelete(log, stream, metadataOf(stream), before + 1n)
  if (original !== undefined) undelete(log, original, metadataOf(original), log.written.lastOf(original) + 1n)
  return written(log, newest?.revision ?? before, position)
}

/** The server makes the id of a delete itself, so a retried one is a new one. */
const checkDelete = (log: Log, stream: string, expected: Expected): WriteResult | undefined => {
  const decision = checkCommit(log, stream, expected, [''])
  return decision._tag === 'Deleted' || decision._tag === 'WrongVersion' ? decision : undefined
}

export const softDelete = (log: Log, stream: string, expected: Expected): WriteResult => {
  const refused = checkDelete(log, stream, expected)
  if (refused !== undefined) return refused
  const current = log.written.lastOf(stream)
  if (current === -1n && !hasMetastream(log.written, stream)) return { _tag: 'WrongVersion', current }
  const { position } = log.write(metastreamOf(stream), systemEvent('$metadata', softDeleteJson))
  return written(log, current, position)
}

export const hardDelete = (log: Log, stream: string, expected: Expected): WriteResult => {
  const refused = checkDelete(log, stream, expected)
  if (refused !== undefined) return refused
  const { position } = log.write(stream, tombstoneEvent(), tombstone)
  return written(log, tombstone, position)
}
