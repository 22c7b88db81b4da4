import assert from 'node:assert/strict'
import type { Projection } from '../application/projections/projection.ts'
import type { Answers } from '../domain/answers.ts'
import type { CommandInput } from '../domain/commands.ts'
import { decidePlain } from '../domain/decide/decide-plain.ts'
import { afterEvents, type Decided, type Settled } from '../domain/decide/decision.ts'
import { decodeNewest } from '../domain/events/codecs.ts'
import type { IdentifiedEvent, LedgerEvent } from '../domain/events/ledger-event.ts'
import { fold } from '../domain/evolve.ts'
import type { FailureTag } from '../domain/failure.ts'
import { extendPast, noPast } from '../domain/past.ts'
import type { Plain } from '../domain/plain.ts'
import type { State } from '../domain/state.ts'
import { projected, type ThenView } from './given-project.ts'

/** What is expected of a decision. Each function throws an `AssertionError` where it does not hold. */
export type Then<A> = {
  /** The whole answer. A field that is `undefined` equals one that is absent. */
  readonly thenAnswer: (expected: Plain<A>) => Then<A>
  /** All events of the decision, in order. */
  readonly thenEvents: (expected: ReadonlyArray<Plain<LedgerEvent>>) => Then<A>
  /** The record that the key's stream folds to once the events are written; `undefined` where nobody holds the key. */
  readonly thenRecord: (expected: Plain<Extract<State, { readonly _tag: 'Held' }>['record']> | undefined) => Then<A>
  /** An error instead of an answer, by its tag and, where given, the JSON path of the field at fault. */
  readonly thenRefused: (tag: FailureTag, path?: string) => Then<A>
}

/** A key's stream, to which a command is about to come. */
export type Given = {
  /** A command comes: what does `decide` make of it? */
  readonly when: <C extends CommandInput>(command: C) => Then<Answers[C['_tag']]>
  /** Folds the events into the rows of a projection, as a view would. One that `evolve` throws at fails at once. */
  readonly project: <S>(projection: Projection<S>) => ThenView<S>
}

/** As it would be stored: absent fields and `undefined` ones are the same. */
const asStored = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)))

const identified = (event: Plain<LedgerEvent>, index: number): IdentifiedEvent => {
  const decoded = decodeNewest(event.type, event.data)
  if (decoded._tag === 'Left') assert.fail(`given event ${index} is none of keyfold: ${decoded.left.message}`)
  return { ...decoded.right, id: `given-${index}` }
}

const settled = <A>(decision: Settled<A>): Decided<A> =>
  decision._tag === 'Decided'
    ? decision
    : assert.fail(`refused with ${decision.failure._tag}: ${decision.failure.message}`)

const then = <A>(state: State, decision: Settled<A>): Then<A> => {
  const self: Then<A> = {
    thenAnswer: (expected) => {
      assert.deepEqual(asStored(settled(decision).answer), asStored(expected))
      return self
    },
    thenEvents: (expected) => {
      assert.deepEqual(asStored(settled(decision).events), asStored(expected))
      return self
    },
    thenRecord: (expected) => {
      const next = afterEvents(state, settled(decision).events)
      assert.deepEqual(asStored(next._tag === 'Held' ? next.record : undefined), asStored(expected))
      return self
    },
    thenRefused: (tag, path) => {
      if (decision._tag !== 'Refused') assert.fail(`expected ${tag}, but the command was not refused`)
      assert.equal(decision.failure._tag, tag, decision.failure.message)
      if (path !== undefined) assert.equal(decision.failure.path, path)
      return self
    }
  }
  return self
}

/**
 * A specification by example on the real `decide` and `evolve`: these events are in a key's stream, this command comes,
 * then this is the answer and these are the events. `decide` is handed the whole past, so it never asks for it. Needs
 * no test runner. An event that no store of keyfold can hold fails at once.
 *
 * @example
 * given([reserved]).when(complete).thenAnswer({ _tag: 'Completed', record }).thenEvents([completed])
 */
export const given = (events: ReadonlyArray<Plain<LedgerEvent>>): Given => {
  const past = events.map(identified)
  const state = fold(past)
  return {
    when: (command) => then(state, decidePlain(command, state, extendPast(noPast, past))),
    project: (projection) => projected(projection, past)
  }
}
