import type * as fc from 'fast-check'
import * as E from 'fp-ts/Either'
import type {
  Append,
  AppendFailure,
  EventStore,
  RecordedEvent,
  StoreError
} from '../../src/application/ports/event-store.ts'
import type { Holder } from '../../src/domain/commands.ts'
import { decodeEvent } from '../../src/domain/events/codecs.ts'
import type { IdentifiedEvent } from '../../src/domain/events/ledger-event.ts'
import { fold } from '../../src/domain/evolve.ts'
import { failure } from '../../src/domain/failure.ts'
import type { State } from '../../src/domain/state.ts'

/**
 * What goes wrong with a call: the answer is lost before or after the write, or before a write that still lands later;
 * the store is busy; or nothing does. Conflicts need no fault: rivals make them.
 */
export type Fault = 'none' | 'lostBefore' | 'lostAfter' | 'late' | 'busy'

const lost: E.Either<AppendFailure, never> = E.left({
  _tag: 'OutcomeUnknown',
  error: failure('StoreUnavailable', 'the connection was lost')
})
const busy: StoreError = failure('StoreBusy', 'busy')

/** What a stream says, from its first event on. */
export const decoded = (recorded: ReadonlyArray<RecordedEvent>): ReadonlyArray<IdentifiedEvent> =>
  recorded.map(({ id, type, data }) => {
    const event = decodeEvent(type, 1, JSON.parse(data))
    if (E.isLeft(event)) throw new Error(event.left.message)
    return { ...event.right, id }
  })

const eventsOf = async (store: EventStore, stream: string): Promise<ReadonlyArray<IdentifiedEvent>> => {
  const read = await store.readStream(stream, 'forwards', 'start', 10_000)()
  return E.isLeft(read) ? [] : decoded(read.right)
}

/** What a process has seen of its writes. */
export type Watch = {
  readonly lost: (append: Append) => void
  readonly folded: (state: State) => void
  /** The ids of the events whose write was in doubt. */
  readonly doubted: ReadonlySet<string>
  /** Whether a fold has shown a claim to be the current one. */
  readonly wasCurrent: (claim: Holder) => boolean
}

const named = ({ epoch, claimId }: Holder): string => `${epoch} ${claimId}`

export const watch = (): Watch => {
  const doubted = new Set<string>()
  const current = new Set<string>()
  return {
    lost: ({ events }) => {
      for (const { id } of events) doubted.add(id)
    },
    folded: (state) => {
      // what there is nothing more to do under is nobody's to act on
      if (state._tag === 'Held' && state.record.outcome === undefined)
        current.add(named({ epoch: state.record.epoch, claimId: state.claimId ?? '' }))
    },
    doubted,
    wasCurrent: (claim) => current.has(named(claim))
  }
}

/** One process's view of a shared store: every call waits for its turns by the scheduler, and may go wrong. */
export const unrulyStore = (
  real: EventStore,
  scheduler: fc.Scheduler,
  nextFault: () => Fault,
  watched: Watch
): EventStore => {
  const turn = (what: string): Promise<unknown> => scheduler.schedule(Promise.resolve(), what)
  return {
    ...real,
    append: (append) => async () => {
      await turn('append arrives')
      const fault = nextFault()
      switch (fault) {
        case 'busy':
          return E.left({ _tag: 'NotWritten', error: busy })
        case 'lostBefore':
          watched.lost(append)
          return lost
        case 'late':
          watched.lost(append)
          void turn('append lands late').then(() => real.append(append)())
          return lost
        default: {
          const answer = await real.append(append)()
          if (fault === 'lostAfter') watched.lost(append)
          await turn('append is answered')
          return fault === 'lostAfter' ? lost : answer
        }
      }
    },
    readStream:
      (...asked) =>
      async () => {
        await turn('read arrives')
        if (nextFault() === 'busy') return E.left(busy)
        const answer = await real.readStream(...asked)()
        const [stream, direction, , count] = asked
        // forwards a short read looks for an attempt's own ids, and a long one for the whole past
        if (direction === 'backwards' || count >= 512) watched.folded(fold(await eventsOf(real, stream)))
        await turn('read is answered')
        return answer
      }
  }
}
