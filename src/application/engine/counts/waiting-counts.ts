import { mergeTwo } from '../../../domain/merge.ts'
import { epochOf, type State } from '../../../domain/state.ts'
import type { EventStore } from '../../ports/event-store.ts'
import { type QueuedCommand, weightOf } from '../queue/queued-command.ts'
import { type PlannedEvent, weigh } from '../submission.ts'

/** Duplicates and conflicts of one reservation that wait to be written with its key's next event. */
export type Counts = {
  readonly epoch: number
  readonly events: ReadonlyArray<PlannedEvent>
  /** Their length as JSON. */
  readonly chars: number
}

/** The counts that wait, by stream. They are this process's own, and lost if it crashes. */
export type WaitingCounts = {
  readonly of: (stream: string, epoch: number) => ReadonlyArray<PlannedEvent>
  /** Adds events to those that wait, unless they would grow too large together to go with another event, or all would. */
  readonly add: (stream: string, epoch: number, events: ReadonlyArray<PlannedEvent>) => boolean
  readonly drop: (stream: string) => void
  readonly streams: () => ReadonlyArray<string>
  readonly none: () => boolean
}

const maxChars = 64 * 1024

/** How much waits on all keys together: what comes beyond that is written at once. */
const maxInAll = { streams: 10_000, chars: 16 * 1024 * 1024 }

/**
 * Counts of one kind become one event, whatever came between them, and the latest stands last: so a storm stays small,
 * and the record's last sighting is right.
 */
const collapse = (events: ReadonlyArray<PlannedEvent>, next: PlannedEvent): ReadonlyArray<PlannedEvent> => {
  for (const [index, earlier] of events.entries()) {
    const both = mergeTwo(earlier.event, next.event)
    if (both !== undefined)
      return [...events.slice(0, index), ...events.slice(index + 1), { event: both, provenance: {} }]
  }
  return [...events, next]
}

export const waitingCounts = (): WaitingCounts => {
  const waiting = new Map<string, Counts>()
  let chars = 0
  return {
    of: (stream, epoch) => {
      const counts = waiting.get(stream)
      return counts?.epoch === epoch ? counts.events : []
    },
    add: (stream, epoch, events) => {
      const counts = waiting.get(stream)
      if (counts !== undefined && counts.epoch > epoch) return false
      const together = events.reduce(collapse, counts?.epoch === epoch ? counts.events : [])
      const text = JSON.stringify(together)
      const { length } = text
      const inAll = chars - (counts?.chars ?? 0) + length
      if (length > maxChars || inAll > maxInAll.chars) return false
      if (counts === undefined && waiting.size >= maxInAll.streams) return false
      chars = inAll
      // texts of their own: those of a request may be parts of a much longer one
      waiting.set(stream, { epoch, events: JSON.parse(text), chars: length })
      return true
    },
    drop: (stream) => {
      chars -= waiting.get(stream)?.chars ?? 0
      waiting.delete(stream)
    },
    streams: () => [...waiting.keys()],
    none: () => waiting.size === 0
  }
}

/** The counts that wait on the reservation that a state holds. */
export const waitingOn = (counts: WaitingCounts, stream: string, state: State): ReadonlyArray<PlannedEvent> =>
  state._tag === 'Held' ? counts.of(stream, epochOf(state)) : []

/** Whether counts and commands might weigh more together than one append may hold. */
export const crowding = (
  { maxAppendBytes }: Pick<EventStore, 'maxAppendBytes'>,
  waiting: ReadonlyArray<PlannedEvent>,
  commands: ReadonlyArray<QueuedCommand>
): boolean =>
  maxAppendBytes !== undefined &&
  waiting.reduce((sum, event) => sum + weigh(event), 0) + commands.reduce((sum, queued) => sum + weightOf(queued), 0) >
    maxAppendBytes
