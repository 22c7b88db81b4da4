import { tombstone } from './events.ts'
import { goLive } from './live.ts'
import { logOf, type Node } from './node.ts'
import type { Outgoing } from './outgoing.ts'
import { caughtUpAnswer, confirmationAnswer } from './read-answers.ts'
import type { ReadRequest } from './read-request.ts'
import { streamIn } from './stream-view.ts'

type Request = Extract<ReadRequest, { readonly _tag: 'SubscribeToStream' }>

/** How often a server before 24.2 looks whether a stream is there. */
const pollMs = 50

/** Says that history is over, and goes on from there. */
const live = async (node: Node, stream: string, after: bigint, begin: number, out: Outgoing): Promise<void> => {
  if (node.quirks.silentWhenCaughtUp !== true && !(await out.send(caughtUpAnswer()))) return
  if (!(await out.reach('after'))) return
  const feed = {
    begin,
    events: (log: ReturnType<typeof logOf>) => log.eventsOf(stream),
    count: (log: ReturnType<typeof logOf>) => log.eventsOf(stream).length
  }
  await goLive(node, out, feed, async (event) => {
    if (event.revision <= after) return true
    if (!(await out.sendEvent(event, true))) return false
    if (event.revision !== tombstone) return true
    out.fail('streamDeleted')
    return false
  })
}

/** Sends what reads show of a stream behind a number, and tells how many events there are then. */
const history = async (node: Node, stream: string, after: bigint, out: Outgoing): Promise<number | undefined> => {
  let index = Math.max(0, Number(after) + 1)
  for (; ; index++) {
    const log = logOf(node)
    const event = log.eventsOf(stream)[index]
    if (event === undefined || event.revision === tombstone) break
    const view = streamIn(log, stream)
    const isVisible = view._tag === 'Found' && event.revision >= view.first && view.isYoung(event)
    if (isVisible && !(await out.sendEvent(event))) return undefined
  }
  return Math.min(index, logOf(node).eventsOf(stream).length)
}

/** From 24.2 on a stream need not be there, but must not be gone. */
const byCheckpoint = async (node: Node, { stream, from }: Request, out: Outgoing): Promise<void> => {
  const last = logOf(node).lastOf(stream)
  if (stream === '') return out.fail('unknown')
  if (last === tombstone) return out.fail('streamDeleted')
  if (!(await out.send(confirmationAnswer()))) return
  const after = from === 'start' ? -1n : from === 'end' ? last : from
  const begin = after < last ? await history(node, stream, after, out) : logOf(node).eventsOf(stream).length
  if (begin !== undefined) await live(node, stream, after, begin, out)
}

/** Before, it waits for a stream that it is to read history of, and does not look at one that it is to hear of from now on. */
const byPage = async (node: Node, { stream, from }: Request, out: Outgoing): Promise<void> => {
  if (from === tombstone || (stream === '' && from !== 'end')) return out.fail('unknown')
  if (from === 'end') {
    if (!(await out.send(confirmationAnswer()))) return
    if (stream !== '') await live(node, stream, -1n, logOf(node).eventsOf(stream).length, out)
    return
  }
  const after = from === 'start' ? -1n : from
  for (let isConfirmed = false; ; isConfirmed = true) {
    const view = streamIn(logOf(node), stream)
    if (view._tag === 'Deleted') return out.fail('streamDeleted')
    if (!isConfirmed && !(await out.send(confirmationAnswer()))) return
    if (view._tag === 'Found') break
    if (!(await out.sleep(pollMs))) return
  }
  const begin = await history(node, stream, after, out)
  if (begin !== undefined) await live(node, stream, after, begin, out)
}

export const subscribeToStream = (node: Node, request: Request, out: Outgoing): Promise<void> =>
  (node.behaviour.subscribes === 'byPage' ? byPage : byCheckpoint)(node, request, out)
