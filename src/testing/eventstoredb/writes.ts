import { checkCommit, type Expected } from './check-commit.ts'
import { type ProposedEvent, systemEvent, tombstone } from './events.ts'
import { hasMetastream, type Log } from './log.ts'
import { metastreamOf, softDeleteJson, undeletedJson } from './stream-metadata.ts'
import { viewOf } from './stream-view.ts'

/** How a write ended. Without a position the server could not read the event that a repeated write met. */
export type WriteResult =
  | { readonly _tag: 'Written'; readonly revision: bigint; readonly position?: bigint }
  | { readonly _tag: 'WrongVersion'; readonly current: bigint }
  | { readonly _tag: 'Deleted' }

const readablePosition = (log: Log, stream: string, revision: bigint): { readonly position?: bigint } => {
  const event = log.eventsOf(stream)[Number(revision)]
  const view = viewOf(log, stream)
  if (event === undefined || view._tag !== 'Found') return {}
  return revision >= view.first && view.isYoung(event) ? { position: event.position } : {}
}

/** The second record of a write to a soft-deleted stream: a server may be seen between the two, this one cannot. */
const undelete = (log: Log, stream: string, first: bigint): void => {
  const last = log.eventsOf(metastreamOf(stream)).at(-1)
  if (last !== undefined) log.write(metastreamOf(stream), systemEvent('$metadata', undeletedJson(last, first)))
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
  if (decision._tag === 'Idempotent') {
    return { _tag: 'Written', revision: decision.end, ...readablePosition(log, stream, decision.end) }
  }
  if (decision._tag !== 'Write') return decision
  const before = log.lastOf(stream)
  const wasDeleted = log.isSoftDeleted(stream)
  const last = events.map((event) => log.write(stream, event)).at(-1)
  if (last === undefined) return { _tag: 'Written', revision: before, position: 0n }
  if (wasDeleted) undelete(log, stream, before + 1n)
  log.tellOfCommit()
  return { _tag: 'Written', revision: last.revision, position: last.position }
}

/** The server makes the id of a delete itself, so a retried one is a new one. */
const checkDelete = (log: Log, stream: string, expected: Expected): WriteResult | undefined => {
  const decision = checkCommit(log, stream, expected, [''])
  return decision._tag === 'Deleted' || decision._tag === 'WrongVersion' ? decision : undefined
}

export const softDelete = (log: Log, stream: string, expected: Expected): WriteResult => {
  const refused = checkDelete(log, stream, expected)
  if (refused !== undefined) return refused
  const current = log.lastOf(stream)
  if (current === -1n && (expected === 'noStream' || !hasMetastream(log, stream))) {
    return { _tag: 'WrongVersion', current }
  }
  const { position } = log.write(metastreamOf(stream), systemEvent('$metadata', softDeleteJson))
  log.tellOfCommit()
  return { _tag: 'Written', revision: current, position }
}

export const hardDelete = (log: Log, stream: string, expected: Expected): WriteResult => {
  const refused = checkDelete(log, stream, expected)
  if (refused !== undefined) return refused
  const { position } = log.write(stream, systemEvent('$streamDeleted'), tombstone)
  log.tellOfCommit()
  return { _tag: 'Written', revision: tombstone, position }
}
