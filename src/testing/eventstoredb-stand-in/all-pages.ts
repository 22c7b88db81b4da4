import type { LoggedEvent } from './events.ts'
import { firstFrom, type LogView, positionOf } from './log-view.ts'
import type { Filter, Position } from './read-request.ts'
import { recordSize } from './record-size.ts'
import { isHiddenInAll } from './system-records.ts'

/** A page of the whole log. `next` is the position to go on from. */
export type AllPage = {
  readonly events: ReadonlyArray<LoggedEvent>
  readonly considered: number
  readonly next: Position
  readonly isEnd: boolean
}

type Bounds = { readonly size: number; readonly filter?: Filter | undefined }

/** What those see of an event who read the whole log. */
export const isShown = (event: LoggedEvent, filter: Filter | undefined): boolean =>
  filter === undefined ? !isHiddenInAll(event.stream) : filter.matches(event)

export const origin: Position = { commit: 0n, prepare: 0n }

/** Positions are compared by their commit first. */
export const isBefore = (a: Position, b: Position): boolean =>
  a.commit < b.commit || (a.commit === b.commit && a.prepare < b.prepare)

export const at = ({ position }: LoggedEvent): Position => ({ commit: position, prepare: position })

/** The position behind an event. */
const behind = (event: LoggedEvent): Position => ({
  commit: event.position + recordSize(event.stream, event),
  prepare: 0n
})

/**
 * Reads on from a position. Whatever lies beyond the last record is the end; undefined where no record begins, which is
 * no position.
 */
export const pageOfAll = (log: LogView, from: Position, { size, filter }: Bounds): AllPage | undefined => {
  const window = filter?.window ?? Infinity
  const events: LoggedEvent[] = []
  if (from.commit < 0n || from.prepare < 0n) return undefined
  if (from.commit > log.last()) return { events, considered: 0, next: from, isEnd: true }
  if (!log.isBoundary(from.commit)) return undefined
  let [considered, next] = [0, from]
  for (let index = firstFrom(log.events, from.commit, positionOf); ; index++) {
    if (events.length >= size || considered >= window) return { events, considered, next, isEnd: false }
    const event = index < log.count() ? log.events[index] : undefined
    if (event === undefined) return { events, considered, next, isEnd: true }
    considered++
    next = behind(event)
    if (isShown(event, filter)) events.push(event)
  }
}

/** What lies before a position, from there backwards: all that ends there at the latest, by both parts of it. */
export function* backwardsInAll(
  log: LogView,
  { commit, prepare }: Position,
  filter: Filter | undefined
): Generator<LoggedEvent> {
  for (let index = Math.min(firstFrom(log.events, commit, positionOf), log.count()) - 1; index >= 0; index--) {
    const event = log.events[index]
    if (event === undefined || !isShown(event, filter)) continue
    const end = behind(event).commit
    if (end < commit || end <= prepare) yield event
  }
}
