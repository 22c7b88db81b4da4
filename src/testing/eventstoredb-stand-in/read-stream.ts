import type { LogView } from './log-view.ts'
import type { Outgoing } from './outgoing.ts'
import { firstPositionAnswer, lastPositionAnswer, notFoundAnswer } from './read-answers.ts'
import type { ReadRequest } from './read-request.ts'
import { backwards, forwardPage, pageSize } from './stream-pages.ts'
import { type FoundStream, streamIn } from './stream-view.ts'

type Request = Extract<ReadRequest, { readonly _tag: 'ReadStream' }>

const sendForwards = async (
  log: LogView,
  { stream, from, count, compatibility }: Request,
  view: FoundStream,
  out: Outgoing
): Promise<boolean> => {
  const size = count < BigInt(pageSize) ? Number(count) : pageSize
  let left = count
  let next = from === 'start' || from === 'end' ? 0n : from
  for (let isEnd = false; !isEnd && left > 0n; ) {
    const page = forwardPage(log, stream, view, next, size)
    const tells = compatibility >= 1 && left === count && page.events.length === 0 && page.next !== next
    if (tells && !(await out.send(firstPositionAnswer(page.next)))) return false
    for (const event of page.events) {
      if (left-- <= 0n) break
      if (!(await out.sendEvent(event))) return false
    }
    isEnd = page.isEnd
    next = page.next
  }
  return true
}

const sendBackwards = async (
  log: LogView,
  { stream, from, count }: Request,
  view: FoundStream,
  out: Outgoing
): Promise<boolean> => {
  let left = count
  for (const event of backwards(log, stream, view, from === 'end' ? view.last : from === 'start' ? 0n : from)) {
    if (left-- <= 0n) return true
    if (!(await out.sendEvent(event))) return false
  }
  return true
}

/** Nothing can be read forwards from the end on, whatever the stream is, nor nothing of anything. */
const isUnreadable = ({ stream, from, backwards: isBackwards, count }: Request): boolean =>
  stream === '' || count === 0n || (from === 'end' && !isBackwards)

/** A read of one stream to its end. */
export const readStream = async (log: LogView, request: Request, out: Outgoing): Promise<void> => {
  if (isUnreadable(request)) return out.fail('unknown')
  const view = streamIn(log, request.stream)
  if (view._tag === 'Deleted') return out.fail('streamDeleted')
  if (view._tag === 'NotFound') {
    if (!(await out.send(notFoundAnswer(request.stream)))) return
  } else {
    if (!(await (request.backwards ? sendBackwards : sendForwards)(log, request, view, out))) return
    if (request.compatibility >= 1 && !(await out.send(lastPositionAnswer(view.last)))) return
  }
  if (await out.reach('after')) out.end()
}
