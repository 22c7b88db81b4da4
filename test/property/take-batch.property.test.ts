import * as fc from 'fast-check'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import type { ParkedKey } from '../../src/application/ports/view-store.ts'
import type { Item } from '../../src/application/projections/item.ts'
import type { Projection } from '../../src/application/projections/projection.ts'
import { keyIndex } from '../../src/application/projections/shipped/key-index.ts'
import { takeBatch } from '../../src/application/projections/take-batch.ts'
import type { IdentifiedEvent } from '../../src/domain/events/ledger-event.ts'
import { fold } from '../../src/domain/evolve.ts'
import { arbitraryHistory } from '../arbitraries/history.ts'

const noHash = '0'.repeat(64)

const idOf = (key: number): string => `idem_${key.toString(16).padStart(64, '0')}`

/** The histories of several keys as one log, in an order that keeps each key's own. */
const logOf = (
  histories: ReadonlyArray<ReadonlyArray<IdentifiedEvent>>,
  order: ReadonlyArray<number>
): ReadonlyArray<Item> => {
  const next = histories.map(() => 0)
  const items: Array<Item> = []
  const total = histories.reduce((sum, { length }) => sum + length, 0)
  for (let n = 0; items.length < total; n++) {
    const wanted = (order[n % order.length] ?? 0) + n
    for (let shift = 0; shift < histories.length; shift++) {
      const key = (wanted + shift) % histories.length
      const at = next[key] ?? 0
      const event = histories[key]?.[at]
      if (event === undefined) continue
      next[key] = at + 1
      const position = `${items.length + 1}`
      const recordId = idOf(key)
      const stored = { stream: `c-${recordId}`, revision: BigInt(at), position, recordedAtMs: 0 }
      const entry = { ...event, ...stored, schemaVersion: 1, hash: noHash, previousHash: noHash }
      items.push({ _tag: 'Event', recordId, position, entry })
      break
    }
  }
  return items
}

/** Takes a log in by batches of these sizes, and keeps rows as texts, as a store does. */
const takeAll = <S>(projection: Projection<S>, items: ReadonlyArray<Item>, sizes: ReadonlyArray<number>) => {
  const rows = new Map<string, string>()
  const parked = new Map<string, ParkedKey>()
  for (let at = 0, n = 0; at < items.length; n++) {
    const batch = items.slice(at, at + (sizes[n % sizes.length] ?? 1))
    at += batch.length
    const taken = takeBatch(projection, 0, { rows, parked: [...parked.values()], skipped: [] }, batch, 'park', 7)
    if (E.isLeft(taken)) throw new Error(taken.left.message)
    for (const { row, state } of taken.right.rows) {
      if (state === undefined) rows.delete(row)
      else rows.set(row, state)
    }
    for (const key of taken.right.parked) parked.set(key.recordId, key)
  }
  return { rows, parked }
}

const arbitraryLog = fc.record({
  histories: fc.array(arbitraryHistory, { minLength: 1, maxLength: 4 }),
  order: fc.array(fc.nat(7), { minLength: 1, maxLength: 9 }),
  sizes: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 })
})

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('batches of a projection', () => {
  it('come to the fold of each key, however the log is cut and mixed', () => {
    fc.assert(
      fc.property(arbitraryLog, ({ histories, order, sizes }) => {
        const { rows, parked } = takeAll(keyIndex, logOf(histories, order), sizes)
        expect(parked.size).toBe(0)
        for (const [key, history] of histories.entries()) {
          const text = rows.get(idOf(key))
          if (history.length === 0) expect(text).toBe(undefined)
          else expect(JSON.parse(text ?? '')).toEqual(asJson(fold(history)))
        }
      })
    )
  })
  it('stop a key at its first poison, count all that waits behind it, and stop no other', () => {
    const poison = 'DuplicateSeen'
    const fragile: typeof keyIndex = {
      ...keyIndex,
      evolve: (state, entry) => {
        if (entry.type === poison) throw new Error('no')
        return keyIndex.evolve(state, entry)
      }
    }
    fc.assert(
      fc.property(arbitraryLog, ({ histories, order, sizes }) => {
        const { rows, parked } = takeAll(fragile, logOf(histories, order), sizes)
        for (const [key, history] of histories.entries()) {
          const first = history.findIndex(({ type }) => type === poison)
          const before = first < 0 ? history : history.slice(0, first)
          const text = rows.get(idOf(key))
          if (before.length === 0) expect(text).toBe(undefined)
          else expect(JSON.parse(text ?? '')).toEqual(asJson(fold(before)))
          const waits = parked.get(idOf(key))
          if (first < 0) expect(waits).toBe(undefined)
          else {
            const last = `${history.length - 1}`
            expect(waits).toMatchObject({ revision: `${first}`, lastRevision: last, waiting: history.length - first })
          }
        }
      })
    )
  })
})
