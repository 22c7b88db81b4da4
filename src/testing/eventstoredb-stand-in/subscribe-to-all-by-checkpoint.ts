import { at, isBefore, isShown, origin, pageOfAll } from './all-pages.ts'
import { goLive } from './live.ts'
import { logOf, type Node } from './node.ts'
import type { Outgoing } from './outgoing.ts'
import { caughtUpAnswer, checkpointAnswer, confirmationAnswer } from './read-answers.ts'
import type { Position, ReadRequest } from './read-request.ts'
import { pageSize } from './stream-pages.ts'

type Request = Extract<ReadRequest, { readonly _tag: 'SubscribeToAll' }>

/** What nothing was sent is: 2^64 - 1 on the wire, where it means the end. */
const nowhere: Position = { commit: -1n, prepare: -1n }

const isNowhere = ({ commit, prepare }: Position): boolean => commit === -1n && prepare === -1n

const later = (a: Position, b: Position): Position => (isBefore(a, b) ? b : a)

/** What was sent last: events go on behind it, checkpoints from it on. */
type Progress = { sent: Position; checkpoint: bigint | undefined }

/** On the wire positions are without a sign: behind 2^64 - 1 there is none. Commit and prepare as one number. */
const asSent = ({ commit, prepare }: Position): bigint =>
  (BigInt.asUintN(64, commit) << 64n) | BigInt.asUintN(64, prepare)

const sendCheckpoint = (out: Outgoing, progress: Progress): boolean | Promise<boolean> => {
  const checkpoint = asSent(progress.sent)
  if (progress.checkpoint !== undefined && checkpoint <= progress.checkpoint) return true
  progress.checkpoint = checkpoint
  return out.send(checkpointAnswer(progress.sent))
}

/** The checkpoint that ends history, as the versions have it. */
const endHistory = (node: Node, progress: Progress, pageStart: Position, next: Position): boolean => {
  const { lastCheckpoint } = node.behaviour
  if (node.quirks.splitsCheckpoints === true) progress.sent = { commit: logOf(node).end(), prepare: 0n }
  else if (lastCheckpoint === 'pageStart') progress.sent = later(progress.sent, pageStart)
  else if (lastCheckpoint === 'passed' && isBefore(progress.sent, origin) && isBefore(origin, next)) {
    progress.sent = origin
  }
  return lastCheckpoint === 'sent' || !isNowhere(progress.sent)
}

/** Sends history; false where the subscription is over. */
const catchUp = async (node: Node, { filter }: Request, progress: Progress, out: Outgoing): Promise<boolean> => {
  let considered = 0
  let start = isNowhere(progress.sent) ? origin : progress.sent
  for (;;) {
    const page = pageOfAll(logOf(node), start, { size: pageSize, filter })
    if (page === undefined) {
      out.fail('invalidArgument')
      return false
    }
    for (const event of page.events) {
      if (!isBefore(progress.sent, at(event))) continue
      if (!(await out.sendEvent(event))) return false
      progress.sent = at(event)
    }
    considered += page.considered
    const { lastCheckpoint } = node.behaviour
    if (lastCheckpoint === 'passed' && isBefore(start, page.next)) progress.sent = later(progress.sent, start)
    if (page.isEnd) {
      return filter === undefined || !endHistory(node, progress, start, page.next) || sendCheckpoint(out, progress)
    }
    if (filter !== undefined && considered >= filter.interval) {
      if (filter.interval === 0) {
        out.fail('unknown')
        return false
      }
      considered %= filter.interval
      progress.sent = later(progress.sent, start)
      if (!(await sendCheckpoint(out, progress))) return false
    }
    start = page.next
  }
}

/**
 * A subscription of 24.2 and later: it hears of what is written from its beginning, reads history up to there, and goes
 * on with what comes after the last event or checkpoint that it was sent.
 */
export const subscribeByCheckpoint = async (node: Node, request: Request, out: Outgoing): Promise<void> => {
  const { from, filter } = request
  const log = logOf(node)
  const [begin, last] = [log.count(), log.last()]
  const newest: Position = { commit: last, prepare: last }
  if (!(await out.send(confirmationAnswer()))) return
  const progress: Progress = {
    sent: from === 'start' ? nowhere : from === 'end' ? newest : from,
    checkpoint: undefined
  }
  if (isBefore(progress.sent, newest) && !(await catchUp(node, request, progress, out))) return
  if (node.quirks.silentWhenCaughtUp !== true && !(await out.send(caughtUpAnswer()))) return
  if (!(await out.reach('after'))) return
  let considered = 0
  await goLive(node, out, { begin, events: ({ events }) => events, count: (view) => view.count() }, async (event) => {
    if (isShown(event, filter) && isBefore(progress.sent, at(event))) {
      if (!(await out.sendEvent(event, true))) return false
      progress.sent = at(event)
    }
    if (filter === undefined || ++considered < filter.interval) return true
    considered = 0
    if (isBefore(at(event), progress.sent)) return true
    progress.sent = at(event)
    return sendCheckpoint(out, progress)
  })
}
