import { mergeTwo } from '../domain/merge.ts'
import { epochOf, type State } from '../domain/state.ts'
import type { PlannedEvent } from './attempt.ts'

/** Duplicates and conflicts of one reservation that wait to be written with its key's next event. */
export type Counts = { readonly epoch: number; readonly events: ReadonlyArray<PlannedEvent> }

/** The counts that wait, by stream. They are this process's own, and lost if it crashes. */
export type PendingCounts = {
  readonly of: (stream: string, epoch: number) => ReadonlyArray<PlannedEvent>
  /** Adds events to those that wait, unless they would grow too large together to go with another event. */
  readonly add: (stream: string, epoch: number, events: ReadonlyArray<PlannedEvent>) => boolean
  readonly drop: (stream: string) => void
  readonly streams: () => ReadonlyArray<string>
  readonly none: () => boolean
}

const maxChars = 64 * 1024

/**
 * Counts of one kind become one event, whatever came between them, and the latest stands last: so a storm stays small,
 * and the record's last sighting is right.
 */
const collapse = (events: ReadonlyArray<PlannedEvent>, next: PlannedEvent): ReadonlyArray<PlannedEvent> => {
  for (const [index, earlier] of events.entries()) {
    const both = mergeTwo(earlier.event, next.event)
    if (both !== undefined) return [...events.slice(0, index), ...events.slice(index + 1), { event: both, context: {} }]
  }
  return [...events, next]
}

export const pendingCounts = (): PendingCounts => {
  const waiting = new Map<string, Counts>()
  return {
    of: (stream, epoch) => {
      const counts = waiting.get(stream)
      return counts?.epoch === epoch ? counts.events : []
    },
    add: (stream, epoch, events) => {
      const counts = waiting.get(stream)
      const together = events.reduce(collapse, counts?.epoch === epoch ? counts.events : [])
      if (JSON.stringify(together).length > maxChars) return false
      waiting.set(stream, { epoch, events: together })
      return true
    },
    drop: (stream) => {
      waiting.delete(stream)
    },
    streams: () => [...waiting.keys()],
    none: () => waiting.size === 0
  }
}

/** The counts that wait on the reservation that a state holds. */
export const waitingOn = (counts: PendingCounts, stream: string, state: State): ReadonlyArray<PlannedEvent> =>
  state._tag === 'Held' ? counts.of(stream, epochOf(state)) : []
