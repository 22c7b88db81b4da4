import * as E from 'fp-ts/Either'
import { isMidTakeover } from '../../../../domain/audit/legal-transitions.ts'
import type { Failure } from '../../../../domain/failure.ts'
import { aborted } from '../../../engine/submission.ts'
import type { RecordedEvent } from '../../../ports/event-store.ts'
import type { Settings } from '../../../settings.ts'
import { type Finding, findingAt } from './finding.ts'
import type { Link } from './judge-event.ts'
import { judgeClosely } from './judge-stream.ts'
import type { RecordingTimes } from './recording-times.ts'
import type { Tally } from './report.ts'

const pageSize = 256

type Eye = { readonly tally: Tally; readonly times: RecordingTimes; readonly signal: AbortSignal | undefined }

type Page = { readonly events: ReadonlyArray<RecordedEvent>; readonly atEnd: boolean }

/** A page of a stream. One that does not hold together is read event by event: what is before the fault can be judged. */
const readPage = async ({ store }: Settings, stream: string, from: bigint): Promise<E.Either<Failure, Page>> => {
  const whole = await store.readStream(stream, 'forwards', from, pageSize)()
  if (E.isRight(whole)) return E.right({ events: whole.right, atEnd: whole.right.length < pageSize })
  if (whole.left._tag !== 'CorruptStream') return whole
  const one = await store.readStream(stream, 'forwards', from, 1)()
  return E.isLeft(one) ? one : E.right({ events: one.right, atEnd: one.right.length === 0 })
}

const unreadable = (stream: string, revision: bigint, { _tag, message }: Failure): Finding =>
  findingAt({ stream, revision, position: '' }, 'unreadable', `${_tag}: ${message}`)

const ending = (last: RecordedEvent | undefined, link: Link | undefined): Finding | undefined =>
  last !== undefined && link !== undefined && isMidTakeover(link.state)
    ? findingAt(last, 'transition', 'Expired ends a lease that nobody takes over')
    : undefined

/** Judges the stream of one key from its beginning on, up to the first event that is at fault. */
export const verifyKey = async (
  settings: Settings,
  stream: string,
  { tally, times, signal }: Eye
): Promise<Failure | undefined> => {
  let link: Link | undefined
  let last: RecordedEvent | undefined
  for (let from = 0n; ; ) {
    if (signal?.aborted) return aborted
    const read = await readPage(settings, stream, from)
    if (E.isLeft(read)) {
      if (read.left._tag !== 'CorruptStream') return read.left
      tally.found(unreadable(stream, from, read.left))
      return undefined
    }
    for (const event of read.right.events) {
      tally.events++
      if (tally.events === 1) tally.keys++
      const restamped = times.next(event)
      if (restamped !== undefined) tally.found(restamped)
      const judged = await judgeClosely(settings, link, event)
      if (E.isLeft(judged)) {
        tally.found(judged.left)
        return undefined
      }
      last = event
      from = event.revision + 1n
      if (judged.right === 'removed') continue
      if (judged.right.unjudged) tally.snapshotsNotJudged++
      link = judged.right.link
    }
    if (read.right.atEnd) break
    await settings.nextTurn()
  }
  const unended = ending(last, link)
  if (unended !== undefined) tally.found(unended)
  return undefined
}
