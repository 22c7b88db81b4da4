import assert from 'node:assert/strict'
import { asJson, isStorable, type Rows, storable, takeIn } from '../application/projections/fold-rows.ts'
import type { Item } from '../application/projections/item.ts'
import type { Projection } from '../application/projections/projection.ts'
import type { IdentifiedEvent } from '../domain/events/ledger-event.ts'
import { evolve } from '../domain/evolve.ts'
import { initialState, recordOf } from '../domain/state.ts'

/** What is expected of a view. Each function throws an `AssertionError` where it does not hold. */
export type ThenView<S> = {
  /** All rows, by name, each with its whole state. A member that is `undefined` equals one that is absent. */
  readonly thenView: (expected: { readonly [row: string]: S }) => ThenView<S>
  /** One row; `undefined` where there is none. */
  readonly thenRow: (row: string, expected: S | undefined) => ThenView<S>
}

const noHash = '0'.repeat(64)

/** The record that the first event with one begins; later ones are of the same key. */
const recordIdIn = (events: ReadonlyArray<IdentifiedEvent>): string | undefined => {
  let state = initialState
  for (const event of events) {
    state = evolve(state, event)
    const record = recordOf(state)
    if (record !== undefined) return record.recordId
  }
  return undefined
}

/** The events as a log of one stream would hand them on, each recorded at the moment of its command. */
const itemsOf = (events: ReadonlyArray<IdentifiedEvent>): ReadonlyArray<Item> => {
  const recordId = recordIdIn(events) ?? `idem_${noHash}`
  return events.map((event, index) => ({
    _tag: 'Event',
    recordId,
    position: `${index + 1}`,
    entry: {
      ...event,
      stream: `idempotency-${recordId}`,
      revision: BigInt(index),
      position: `${index + 1}`,
      recordedAtMs: event.data.atMs,
      schemaVersion: 1,
      hash: noHash,
      previousHash: noHash
    }
  }))
}

/** What a projection makes of events. States are frozen on the way: who changes one in place is found out. */
export const projected = <S>(projection: Projection<S>, events: ReadonlyArray<IdentifiedEvent>): ThenView<S> => {
  const rows: Rows<S> = new Map()
  for (const item of itemsOf(events)) {
    const taken = takeIn(projection, rows, item, storable)
    if (taken._tag === 'Left') assert.fail(`the event at ${item.position}: ${taken.left.reason}`)
    for (const state of rows.values()) if (isStorable(state)) freeze(state)
  }
  const seen = new Map(
    [...rows].flatMap(([row, state]) => (state === undefined ? [] : [[row, asJson(state)] as const]))
  )
  const self: ThenView<S> = {
    thenView: (expected) => {
      assert.deepEqual(Object.fromEntries(seen), asJson(expected))
      return self
    },
    thenRow: (row, expected) => {
      assert.deepEqual(seen.get(row), asJson(expected))
      return self
    }
  }
  return self
}

const freeze = (value: unknown): void => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  Object.freeze(value)
  for (const member of Object.values(value)) freeze(member)
}
