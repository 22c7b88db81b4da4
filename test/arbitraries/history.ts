import * as fc from 'fast-check'
import type { Answer } from '../../src/domain/answers.ts'
import type { Command } from '../../src/domain/commands.ts'
import { decide } from '../../src/domain/decide/decide.ts'
import type { Settled } from '../../src/domain/decide/decision.ts'
import type { IdentifiedEvent } from '../../src/domain/events/ledger-event.ts'
import type { Instant } from '../../src/domain/instant.ts'
import { extendPast, noPast, type Past } from '../../src/domain/past.ts'
import { arbitraryIntent, type Intent } from './command.ts'
import { deepFreeze } from './freeze.ts'

/** One command, and what came of it. Everything in it is frozen. */
export type Step = {
  readonly command: Command
  readonly decision: Settled<Answer>
  /** The events of the decision, as they were written. */
  readonly written: ReadonlyArray<IdentifiedEvent>
  readonly before: Past
  readonly after: Past
}

/** A key's stream as commands one after another make it, and how it came about. */
export type Played = { readonly steps: ReadonlyArray<Step>; readonly events: ReadonlyArray<IdentifiedEvent> }

/** Decides a command with the whole past and writes its events. */
export const step = (before: Past, command: Command, written: number): Step => {
  const decision = decide(deepFreeze(command), deepFreeze(before.state), before)
  const events = decision._tag === 'Decided' ? decision.events : []
  const identified = events.map((event, index) => deepFreeze({ ...event, id: `event-${written + index}` }))
  return { command, decision, written: identified, before, after: extendPast(before, identified) }
}

const play = (intents: ReadonlyArray<{ readonly intent: Intent; readonly elapsed: number }>): Played => {
  const steps: Array<Step> = []
  const events: Array<IdentifiedEvent> = []
  let past = noPast
  let now = 1000
  for (const { intent, elapsed } of intents) {
    now = Math.max(0, now + elapsed)
    const made = step(past, intent(past, now as Instant), events.length)
    steps.push(made)
    events.push(...made.written)
    past = made.after
  }
  return { steps, events }
}

/** Time mostly goes on; callers' clocks may run backwards. */
const elapsed = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 300 }) },
  fc.integer({ min: -200, max: 0 }),
  fc.integer({ min: 300, max: 2000 })
)

/** Legal histories: made by deciding random commands, one after another. */
export const arbitraryPlayed: fc.Arbitrary<Played> = fc
  .array(fc.record({ intent: arbitraryIntent, elapsed }), { maxLength: 30, size: 'max' })
  .map(play)

/** The events of a legal history. */
export const arbitraryHistory: fc.Arbitrary<ReadonlyArray<IdentifiedEvent>> = arbitraryPlayed.map(
  ({ events }) => events
)
