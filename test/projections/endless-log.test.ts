import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import type { EventStore } from '../../src/application/ports/event-store.ts'
import { openMemoryStore } from '../../src/memory.ts'
import { keys, reserveKeys, world } from './set-up.ts'
import { countsOfKeys } from './three-projections.ts'

/** A log that grows as quickly as it is read, once it is told to. */
const growing = async () => {
  const memory = await openMemoryStore()
  let isGrowing = false
  let pages = 0
  const store: EventStore = {
    ...memory,
    readAll: (...asked) => {
      if (!isGrowing) return memory.readAll(...asked)
      pages++
      return async () => E.right({ events: [], next: `${1_000_000 + pages}`, atEnd: false })
    }
  }
  const made = await world({ store })
  await reserveKeys(made.ledger, ...keys(2))
  await made.projections.rebuild(countsOfKeys)
  const grow = (): void => {
    isGrowing = true
  }
  return { ...made, grow, read: () => pages }
}

describe('whoever waits for a view of a log that grows as quickly as it is read', () => {
  it.each(['end', '999'])('is told that it did not come so far in time: %s', async (position) => {
    const { projections, grow, read } = await growing()
    grow()
    expect(await projections.waitUntil(countsOfKeys.name, position, { withinMs: 0 })).toBe(false)
    expect(read()).toBeLessThan(1000)
  })

  it('is told so as soon as it gives up, whatever its time', async () => {
    const { projections, grow } = await growing()
    grow()
    const signal = AbortSignal.abort()
    expect(await projections.waitUntil(countsOfKeys.name, 'end', { withinMs: 600_000, signal })).toBe(false)
  })
})
