import type { Answer } from '../../answers.ts'
import type { Command } from '../../commands.ts'
import { decide } from '../../decide/decide.ts'
import type { LedgerEvent } from '../../events/ledger-event.ts'
import { apply } from '../../evolve.ts'
import { type Kept, keep } from '../../past.ts'
import { epochOf, initialState, type State } from '../../state.ts'
import type { Said } from './difference.ts'

/** How many earlier reservations and rejected completions of a key are remembered. */
const maxKept = 1000

/** A key as it would have become. Mutable: it is replayed into. */
export type World = {
  /** What a command would have been answered; it becomes part of the history. */
  readonly say: (command: Command) => Said
  /** The epoch of the last reservation. */
  readonly epoch: () => number
}

const completedByKey = (events: ReadonlyArray<LedgerEvent>, hasOutcome: boolean): Said => {
  if (events.length === 0) return hasOutcome ? 'completed' : 'notCounted'
  return events.some(({ type }) => type === 'Completed') ? 'completed' : 'notCounted'
}

const saidBy = (answer: Answer, events: ReadonlyArray<LedgerEvent>): Said => {
  switch (answer._tag) {
    case 'Reserved':
      return answer.takeover ? 'takenOver' : 'reserved'
    case 'Duplicate':
      return answer.record.outcome === undefined ? 'inFlight' : 'replay'
    case 'InDoubt':
      return 'inDoubt'
    case 'Conflict':
      return 'conflict'
    case 'Gone':
      return 'gone'
    case 'Completed':
      return 'completed'
    case 'AlreadyCompleted':
      return 'alreadyCompleted'
    case 'ClaimLost':
      return 'claimLost'
    case 'CompletedByKey':
      return completedByKey(events, answer.record?.outcome !== undefined)
    case 'Released':
      return 'released'
    case 'Renewed':
      return 'renewed'
    case 'Reached':
      return 'reached'
    case 'Marked':
      return 'marked'
    case 'Expired':
      return 'expired'
    case 'NotDue':
      return 'notDue'
    case 'NotHeld':
      return 'notHeld'
    case 'Imported':
      return 'imported'
    case 'Skipped':
      return 'skipped'
  }
}

/** Lets go of what was kept first, once there is more than is remembered. */
export const bound = (kept: {
  readonly size: number
  keys: () => Iterator<unknown>
  delete: (key: never) => boolean
}): void => {
  while (kept.size > maxKept) kept.delete(kept.keys().next().value as never)
}

export const newWorld = (): World => {
  const kept: Kept = { epochs: new Map(), rejections: new Set() }
  let state: State = initialState

  const happen = (event: LedgerEvent): void => {
    const before = state
    state = apply(state, event)
    keep(kept, before, event, state)
    bound(kept.epochs)
    bound(kept.rejections)
  }

  return {
    say: (command) => {
      const decision = decide(command, state)
      const settled = decision._tag === 'NeedsPast' ? decision.given({ state, ...kept }) : decision
      if (settled._tag === 'Refused') return 'refused'
      for (const event of settled.events) happen(event)
      return saidBy(settled.answer, settled.events)
    },
    epoch: () => epochOf(state)
  }
}
