import { backwardsInAll, origin, pageOfAll } from './all-pages.ts'
import type { LoggedEvent } from './events.ts'
import type { LogView } from './log-view.ts'
import type { Outgoing } from './outgoing.ts'
import type { Position, ReadRequest } from './read-request.ts'

type Request = Extract<ReadRequest, { readonly _tag: 'ReadAll' }>

const endOf = (log: LogView): Position => ({ commit: log.end(), prepare: log.end() })

/** What a read shows, in its order; undefined where it begins at what is no position. */
const rangeOf = (log: LogView, { from, backwards, filter }: Request): Iterable<LoggedEvent> | undefined => {
  const position = from === 'start' ? origin : from === 'end' ? endOf(log) : from
  if (!backwards)
    return pageOfAll(log, position, { size: Infinity, filter: filter && { ...filter, window: Infinity } })?.events
  if (position.commit < 0n || position.prepare < 0n || position.commit > log.end()) return undefined
  return log.isBoundary(position.commit) ? backwardsInAll(log, position, filter) : undefined
}

/** A read of the whole log to its end. */
export const readAll = async (log: LogView, request: Request, out: Outgoing): Promise<void> => {
  const range = rangeOf(log, request)
  if (range === undefined) return out.fail('unknown')
  // a page of no events is never the last one, and the server reads the next for ever
  if (request.count === 0n || request.filter?.window === 0) return
  let left = request.count
  for (const event of range) {
    if (left-- <= 0n) break
    if (!(await out.sendEvent(event))) return
  }
  if (await out.reach('after')) out.end()
}
