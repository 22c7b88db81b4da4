import { type LoggedEvent, tombstone } from './events.ts'
import type { Log } from './log.ts'
import type { Node } from './node.ts'
import type { Outgoing } from './outgoing.ts'
import { caughtUpAnswer, checkpointAnswer, confirmationAnswer } from './read-answers.ts'
import { indexOf } from './read-range.ts'
import type { From, ReadRequest } from './read-request.ts'
import { viewOf } from './stream-view.ts'

/** What a subscription reads, from where, and what it does with each event. */
type Source = {
  readonly events: () => ReadonlyArray<LoggedEvent>
  /** Where to begin in `events`. */
  readonly cursor: number
  /** Sends what there is to send about an event. */
  readonly pass: (event: LoggedEvent, isLive: boolean) => boolean | Promise<boolean>
  readonly wentLive: (passed: number) => boolean | Promise<boolean>
}

/** The start of a subscription is exclusive. */
const cursorInAll = (log: Log, from: From): number => {
  if (from === 'start') return 0
  return from === 'end' ? log.records.length : indexOf(log.records, from + 1n)
}

const wholeLog = (
  { cluster: { log }, quirks }: Node,
  { from, filter }: Pick<ReadRequest, 'from' | 'filter'>,
  out: Outgoing
): Source => {
  let considered = 0
  const checkpoint = (commit: bigint, prepare = commit): boolean | Promise<boolean> => {
    considered = 0
    return out.send(checkpointAnswer(commit, prepare))
  }
  return {
    events: () => log.records,
    cursor: cursorInAll(log, from),
    pass: async (event) => {
      // a position at the end of the log is one that the next event will have
      if (typeof from === 'bigint' && event.position <= from) return true
      if (filter === undefined) return out.sendEvent(event)
      if (filter.matches(event) && !(await out.sendEvent(event))) return false
      considered++
      return considered < filter.checkpointEvery || checkpoint(event.position)
    },
    wentLive: (passed) => {
      const last = log.records[passed - 1]
      if (filter === undefined || last === undefined) return true
      return quirks.splitsCheckpoints === true ? checkpoint(log.end(), 0n) : checkpoint(last.position)
    }
  }
}

/** Beyond any array: a subscription from a revision that was never reached stays quiet until then. */
const cursorInStream = (log: Log, stream: string, from: From): number => {
  if (from === 'start') return 0
  return from === 'end' ? log.eventsOf(stream).length : Number(from + 1n)
}

const isVisible = (log: Log, stream: string, event: LoggedEvent): boolean => {
  const view = viewOf(log, stream)
  return view._tag === 'Found' && event.revision >= view.first && view.isYoung(event)
}

const oneStream = (log: Log, stream: string, from: From, out: Outgoing): Source => ({
  events: () => log.eventsOf(stream),
  cursor: cursorInStream(log, stream, from),
  pass: async (event, isLive) => {
    if (!isLive && !isVisible(log, stream, event)) return true
    if (!(await out.sendEvent(event))) return false
    if (event.revision !== tombstone) return true
    out.fail('streamDeleted')
    return false
  },
  wentLive: () => true
})

/** Catches up, says so, and goes on with what is committed from then on, until nobody listens. */
export const subscription = async (node: Node, { stream, from, filter }: ReadRequest, out: Outgoing): Promise<void> => {
  const { log } = node.cluster
  const { silentWhenCaughtUp = false, endsLaggingBy = Infinity } = node.quirks
  if (stream !== undefined && log.lastOf(stream) === tombstone) return out.fail('streamDeleted')
  const source = stream === undefined ? wholeLog(node, { from, filter }, out) : oneStream(log, stream, from, out)
  let { cursor } = source
  let isLive = false
  const forget = log.onCommit(() => {
    if (isLive && source.events().length - cursor > endsLaggingBy) out.fail('slowConsumer')
    out.wake()
  })
  try {
    if (!(await out.send(confirmationAnswer()))) return
    for (;;) {
      for (let event = source.events()[cursor]; event !== undefined; event = source.events()[cursor]) {
        cursor++
        if (!(await source.pass(event, isLive))) return
      }
      if (isLive) {
        if (!(await out.sleep())) return
        continue
      }
      isLive = true
      if (!(await source.wentLive(cursor))) return
      if (!silentWhenCaughtUp && !(await out.send(caughtUpAnswer()))) return
      if (!(await out.reach('after'))) return
    }
  } finally {
    forget()
  }
}
