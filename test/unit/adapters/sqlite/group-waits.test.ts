import { setImmediate as turn } from 'node:timers/promises'
import * as E from 'fp-ts/Either'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type Connection, connect } from '../../../../src/adapters/sqlite/connection.ts'
import type { Append, EventStore } from '../../../../src/application/ports/event-store.ts'
import { appendOf } from '../../../support/append-of.ts'
import { connectAround } from '../../../support/connect-around.ts'
import { sqliteStoreOn } from '../../../support/sqlite-store.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

const list = (count: number): ReadonlyArray<Append> => Array.from({ length: count }, () => appendOf())

const busy = { left: { _tag: 'NotWritten', error: { _tag: 'StoreBusy' } } }

/** Time as the store sees it, which stands still until it is set. */
const stoppedClock = () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0)
  onTestFinished(() => clock.mockRestore())
  return clock
}

/** Others have their turn with a store: an append that is not ended, and holds up whatever comes after it. */
const othersTurn = (store: EventStore) => {
  let open = (): void => {}
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  async function* slowly(): AsyncGenerator<Append> {
    yield appendOf()
    await gate
  }
  const atomically = store.appendAtomically?.(slowly())()
  const begun = performance.now()
  return {
    end: () => {
      open()
      return atomically
    },
    hasLasted: async (ms: number): Promise<void> => {
      while (performance.now() < begun + ms) await turn()
    }
  }
}

describe('appends that wait for the lock of another', () => {
  const locked = async (busyTimeoutMs: number) => {
    const file = temporaryFile('store.db')
    let refusals = 0
    const store = await sqliteStoreOn(
      { file, busyTimeoutMs },
      connectAround((sql, call) => {
        try {
          return call()
        } catch (cause) {
          if (sql === 'BEGIN IMMEDIATE') refusals++
          throw cause
        }
      })
    )
    const holder: Connection = connect(file)
    holder.exec('BEGIN IMMEDIATE')
    const letGo = (): void => {
      holder.exec('ROLLBACK')
      holder.close()
    }
    const refused = async (count: number): Promise<void> => {
      while (refusals < count) await turn()
    }
    return { store, letGo, refused }
  }

  it('are written once it is let go', async () => {
    const { store, letGo, refused } = await locked(60_000)
    const results = Promise.all(list(300).map((append) => store.append(append)()))
    await refused(3)
    letGo()
    expect(await results).toEqual(Array(300).fill(E.right({ revision: 0n })))
  })

  it('are refused together when their time is over, however many they are', async () => {
    const { store, letGo, refused } = await locked(5000)
    const clock = stoppedClock()
    let settled = 0
    const results = list(1000).map(async (append) => {
      const result = await store.append(append)()
      settled++
      return result
    })
    await refused(2)
    expect(settled).toBe(0)
    clock.mockReturnValue(5000)
    await Promise.race(results)
    await turn()
    expect(settled).toBe(1000)
    for (const result of await Promise.all(results)) expect(result).toMatchObject(busy)
    letGo()
    expect(await store.append(appendOf())()).toEqual(E.right({ revision: 0n }))
  })

  it('wait for their own time, whoever came before', async () => {
    const { store, letGo, refused } = await locked(100)
    const clock = stoppedClock()
    const early = store.append(appendOf())()
    await refused(4)
    clock.mockReturnValue(60)
    const late = store.append(appendOf())()
    clock.mockReturnValue(100)
    expect(await early).toMatchObject(busy)
    letGo()
    expect(await late).toEqual(E.right({ revision: 0n }))
  })

  it('wait for their own time, also where those that came later have less', async () => {
    const { store, letGo, refused } = await locked(60_000)
    const clock = stoppedClock()
    const within = [5000, 100, 5000, 100, 5000]
    const results = within.map((ms) => store.append(appendOf(), ms)())
    await refused(2)
    clock.mockReturnValue(100)
    expect(await Promise.all([results[1], results[3]])).toMatchObject([busy, busy])
    letGo()
    expect(await Promise.all([results[0], results[2], results[4]])).toEqual(Array(3).fill(E.right({ revision: 0n })))
    expect(await store.readAll('start', '', 10)()).toMatchObject({ right: { events: { length: 3 } } })
  })

  it('are judged each by its own time, however many they are', async () => {
    const { store, letGo, refused } = await locked(60_000)
    const clock = stoppedClock()
    const append = appendOf()
    // more than the arguments of a call can be
    const patient = Array.from({ length: 200_000 }, () => store.append(append)())
    const hasty = store.append(append, 100)()
    await refused(2)
    clock.mockReturnValue(100)
    expect(await hasty).toMatchObject(busy)
    clock.mockReturnValue(60_000)
    expect(await patient.at(-1)).toMatchObject(busy)
    letGo()
  })

  it('are not written once nobody wants the answer, though the file is free', async () => {
    const store = await sqliteStoreOn()
    const { end, hasLasted } = othersTurn(store)
    const [late, inTime] = [appendOf(), appendOf()]
    const results = [store.append(late, 1)(), store.append(inTime)()]
    await hasLasted(5)
    expect(await end()).toEqual(E.right(undefined))
    expect(await Promise.all(results)).toMatchObject([busy, E.right({ revision: 0n })])
    expect(await store.readStream(late.stream, 'forwards', 'start', 1)()).toEqual(E.right([]))
  })

  it('are tried once at least, though their time passed while others of the store had their turn', async () => {
    const store = await sqliteStoreOn({ busyTimeoutMs: 1 })
    const { end, hasLasted } = othersTurn(store)
    const waiting = store.append(appendOf())()
    await hasLasted(5)
    expect(await end()).toEqual(E.right(undefined))
    expect(await waiting).toEqual(E.right({ revision: 0n }))
  })
})
