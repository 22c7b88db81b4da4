import * as E from 'fp-ts/Either'
import { isMidTakeover } from '../../../../domain/audit/legal-transitions.ts'
import type { Failure } from '../../../../domain/failure.ts'
import { keyStream } from '../../../../domain/identity.ts'
import { aborted } from '../../../engine/submission.ts'
import type { LogPage, Position, RecordedEvent } from '../../../ports/event-store.ts'
import type { Settings } from '../../../settings.ts'
import { recent } from '../../../stream/recent.ts'
import { walkLog } from '../../../stream/walk-log.ts'
import { inParallel } from '../in-parallel.ts'
import { findingAt, unreadableAt } from './finding.ts'
import { judgeEvent, type Link } from './judge-event.ts'
import { judgeClosely } from './judge-stream.ts'
import { linkBefore } from './link-before.ts'
import type { RecordingTimes } from './recording-times.ts'
import type { Tally } from './report.ts'

/** How much the links of streams weigh that are kept at hand; those of the others are read back. */
const maxBytes = 8 * 1024 * 1024

const atFaultBytes = 256

/** A stream that is at fault is named once, and what comes after that is not judged. */
type Known = Link | 'atFault'

export type LogWalk = {
  readonly after: Position | 'start'
  /** How many streams are read back at once. */
  readonly parallel: number
  readonly signal: AbortSignal | undefined
  readonly onPage: () => void
}

type Eye = { readonly tally: Tally; readonly times: RecordingTimes; readonly walk: LogWalk }

const logJudge = (settings: Settings, { tally, times, walk }: Eye) => {
  const known = recent<Known>(maxBytes)
  const isKeyStream = keyStream(settings.category)
  /** Streams whose last event so far is the end of a lease: what takes over stands in the same append. */
  const midTakeover = new Map<string, RecordedEvent>()
  const before = linkBefore(settings)

  const fail = (stream: string): void => known.set(stream, 'atFault', atFaultBytes)

  /** What is known of the streams of a page before its first event of each. */
  const readBack = async (events: ReadonlyArray<RecordedEvent>): Promise<ReadonlyMap<string, Known>> => {
    const links = new Map<string, Known>()
    const seen = new Set<string>()
    const unknown: Array<RecordedEvent> = []
    for (const event of events) {
      const { stream, revision } = event
      if (seen.has(stream)) continue
      seen.add(stream)
      const link = known.get(stream)
      if (link !== undefined) links.set(stream, link)
      else if (revision > 0n) unknown.push(event)
    }
    await inParallel(unknown, walk.parallel, async (event, isOver) => {
      const read = await before(event.stream, event.revision)
      if (E.isRight(read)) {
        if (read.right !== undefined) links.set(event.stream, read.right)
        return undefined
      }
      if (isOver()) return undefined
      const why = `what is before it cannot be read: ${read.left._tag}: ${read.left.message}`
      tally.found(findingAt(event, 'unreadable', why))
      links.set(event.stream, 'atFault')
      fail(event.stream)
      return undefined
    })
    return links
  }

  const follow = (event: RecordedEvent, link: Link): void => {
    known.set(event.stream, link, link.weight)
    if (isMidTakeover(link.state)) midTakeover.set(event.stream, event)
    else if (midTakeover.size > 0) midTakeover.delete(event.stream)
  }

  const judge = async (event: RecordedEvent, link: Link | undefined): Promise<Known | undefined> => {
    const quick = judgeEvent(settings, link, event)
    // what is sound needs no closer look, and no turn of its own
    const judged = E.isRight(quick) ? quick : await judgeClosely(settings, link, event)
    if (E.isLeft(judged)) {
      tally.found(judged.left)
      midTakeover.delete(event.stream)
      fail(event.stream)
      return 'atFault'
    }
    if (judged.right === 'removed') return link
    if (judged.right.unjudged) tally.snapshotsNotJudged++
    follow(event, judged.right.link)
    return judged.right.link
  }

  return {
    page: async ({ events, unreadable = [], next }: LogPage): Promise<void> => {
      const ours = events.filter(({ stream }) => isKeyStream(stream))
      tally.events += events.length + unreadable.length
      tally.foreignEvents += events.length - ours.length
      const links = new Map(await readBack(ours))
      const firstBad = new Map<string, bigint>()
      for (const event of unreadable) {
        if (event.stream !== undefined && !isKeyStream(event.stream)) continue
        tally.found(unreadableAt(event))
        const { stream, revision = 0n } = event
        if (stream !== undefined && revision < (firstBad.get(stream) ?? revision + 1n)) firstBad.set(stream, revision)
      }
      for (const event of ours) {
        const restamped = times.next(event)
        if (restamped !== undefined) tally.found(restamped)
        const { stream, revision } = event
        if (revision === 0n) tally.keys++
        const link = links.get(stream)
        if (link === 'atFault') continue
        const bad = firstBad.get(stream)
        const judged = bad !== undefined && revision >= bad ? 'atFault' : await judge(event, link)
        if (judged !== undefined) links.set(stream, judged)
      }
      for (const stream of firstBad.keys()) fail(stream)
      tally.next = next
    },
    end: (): void => {
      for (const event of midTakeover.values()) {
        tally.found(findingAt(event, 'transition', 'Expired ends a lease that nobody takes over'))
      }
    }
  }
}

/**
 * Judges the whole log in its order, reading each event once. Links of streams are kept at hand up to a bound; a stream
 * that was let go of is folded again from its last snapshot, so that the work stays in proportion to the log.
 */
export const verifyLog = async (settings: Settings, eye: Eye): Promise<Failure | undefined> => {
  const { walk, tally } = eye
  const judge = logJudge(settings, eye)
  tally.next = walk.after
  // a log that is behind looks as whole as any; where it cannot be told who leads, what there is is judged
  await settings.store.confirmCurrent?.()()
  const failed = await walkLog(settings, walk.after, async (page) => {
    if (walk.signal?.aborted) return aborted
    await judge.page(page)
    walk.onPage()
    return undefined
  })
  if (failed === undefined) judge.end()
  return failed
}
