import { at, isShown, origin, pageOfAll } from './all-pages.ts'
import { goLive } from './live.ts'
import { logOf, type Node } from './node.ts'
import type { Outgoing } from './outgoing.ts'
import { caughtUpAnswer, checkpointAnswer, confirmationAnswer } from './read-answers.ts'
import type { Position, ReadRequest } from './read-request.ts'
import { pageSize } from './stream-pages.ts'

type Request = Extract<ReadRequest, { readonly _tag: 'SubscribeToAll' }>

/** Counts considered events towards the next checkpoint. */
type Counter = { considered: number }

const everything = (log: ReturnType<typeof logOf>) => log.events

/** Checkpoints go by every so many events from here on, whether they match or not; what was counted before counts. */
const live = async (node: Node, { filter }: Request, begin: number, counter: Counter, out: Outgoing): Promise<void> => {
  if (node.quirks.silentWhenCaughtUp !== true && !(await out.send(caughtUpAnswer()))) return
  if (!(await out.reach('after'))) return
  await goLive(node, out, { begin, events: everything, count: (log) => log.count() }, async (event) => {
    if (isShown(event, filter) && !(await out.sendEvent(event, true))) return false
    if (filter === undefined || ++counter.considered < filter.interval) return true
    counter.considered = 0
    return out.send(checkpointAnswer(at(event)))
  })
}

/** Where history begins: behind the first event from the given position on. Undefined where that is no position. */
const startOf = (node: Node, from: 'start' | Position): Position | undefined => {
  if (from === 'start' || (from.commit === 0n && from.prepare === 0n)) return origin
  return pageOfAll(logOf(node), from, { size: 1 })?.next
}

/**
 * A subscription of servers before 24.2: history in pages, with a checkpoint behind one that is not the last once enough
 * was considered: at its last match, else where it began.
 */
export const subscribeByPage = async (node: Node, request: Request, out: Outgoing): Promise<void> => {
  const { from, filter } = request
  const counter: Counter = { considered: 0 }
  if (from === 'end') {
    const begin = logOf(node).count()
    if (await out.send(confirmationAnswer())) await live(node, request, begin, counter, out)
    return
  }
  let position = startOf(node, from)
  for (let isConfirmed = false; position !== undefined; isConfirmed = true) {
    const page = pageOfAll(logOf(node), position, { size: pageSize, filter })
    if (page === undefined) break
    const begin = logOf(node).count()
    if (!isConfirmed && !(await out.send(confirmationAnswer()))) return
    for (const event of page.events) if (!(await out.sendEvent(event))) return
    counter.considered += page.considered
    if (page.isEnd) return live(node, request, begin, counter, out)
    if (filter !== undefined && counter.considered >= filter.interval) {
      // the server divides by the interval, and is heard of no more where that is nothing
      if (filter.interval === 0) return
      counter.considered %= filter.interval
      const last = page.events.at(-1)
      if (!(await out.send(checkpointAnswer(last === undefined ? position : at(last))))) return
    }
    position = page.next
  }
  out.fail('unknown')
}
