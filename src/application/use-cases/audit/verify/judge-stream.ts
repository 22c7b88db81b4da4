import * as E from 'fp-ts/Either'
import type { RecordedEvent } from '../../../ports/event-store.ts'
import type { Settings } from '../../../settings.ts'
import { decodeRecorded, hashIn } from '../../../stream/event-text.ts'
import { type Finding, findingAt } from './finding.ts'
import { judgeEvent, type Link, type Sound } from './judge-event.ts'

export type Reader = Pick<Settings, 'store' | 'sha256' | 'nextTurn'>

/** How far back the event is looked for that a broken link leads to. */
const maxSearched = 512

/** Where the store shows the missing event after all, it stands elsewhere in the log. */
const whereItIs = async (
  { store }: Reader,
  finding: Finding,
  { stream, revision }: RecordedEvent
): Promise<Finding> => {
  const read = await store.readStream(stream, 'forwards', revision - 1n, 1)()
  const isThere = E.isRight(read) && read.right[0]?.revision === revision - 1n
  return isThere
    ? { ...finding, kind: 'misplaced', message: `revision ${revision - 1n} stands behind it in the log` }
    : finding
}

/** A broken link that leads to an event further back is a fork of the chain there. */
const whereItLeads = async ({ store, sha256 }: Reader, finding: Finding, recorded: RecordedEvent): Promise<Finding> => {
  const decoded = decodeRecorded(sha256)(recorded)
  const { stream, revision } = recorded
  if (E.isLeft(decoded) || revision === 0n) return finding
  const read = await store.readStream(stream, 'backwards', revision - 1n, maxSearched)()
  const { previousHash } = decoded.right.metadata
  const at = E.isRight(read) ? read.right.find((event) => hashIn(event) === previousHash) : undefined
  return at === undefined
    ? finding
    : findingAt(recorded, 'forked', `it follows on revision ${at.revision}, which another event follows`)
}

/** Events that were removed as the store allows may still stand in its log; they say nothing about what is left. */
const wasRemoved = async ({ store }: Reader, stream: string, revision: bigint): Promise<boolean> => {
  if (store.continuesAfterDelete !== true || store.isRemoved === undefined) return false
  const removed = await store.isRemoved(stream, revision)()
  return E.isRight(removed) && removed.right
}

/** What is to be said of an event that was judged: that it was removed, is sound, or what is wrong with it. */
export type Judged = E.Either<Finding, Sound | 'removed'>

/**
 * Judges an event, and looks closer at what is wrong with it. On a store whose deleted streams go on, one that begins
 * anew behind a gap is judged as the first of what is left.
 */
export const judgeClosely = async (
  reader: Reader,
  before: Link | undefined,
  recorded: RecordedEvent
): Promise<Judged> => {
  const judged = judgeEvent(reader, before, recorded)
  if (E.isRight(judged)) return judged
  const { kind } = judged.left
  if (kind !== 'missing' && kind !== 'broken' && kind !== 'misplaced') return judged
  if (await wasRemoved(reader, recorded.stream, recorded.revision)) return E.right('removed')
  const { revision } = recorded
  if (
    before !== undefined &&
    revision > before.revision &&
    (await wasRemoved(reader, recorded.stream, revision - 1n))
  ) {
    const first = judgeEvent(reader, undefined, recorded)
    if (E.isRight(first)) return first
  }
  if (kind === 'missing') return E.left(await whereItIs(reader, judged.left, recorded))
  return kind === 'broken' ? E.left(await whereItLeads(reader, judged.left, recorded)) : judged
}
