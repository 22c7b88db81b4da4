import { setImmediate as turn } from 'node:timers/promises'
import * as E from 'fp-ts/Either'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type Connection, connect } from '../../../../src/adapters/sqlite/connection.ts'
import type { Append, EventStore } from '../../../../src/application/ports/event-store.ts'
import { appendOf } from '../../../support/append-of.ts'
import { connectAround, sqliteError } from '../../../support/connect-around.ts'
import { sqliteStoreOn } from '../../../support/sqlite-store.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

/** A store, and how many events each of its transactions inserted, in their order. */
const watched = async (file = temporaryFile('store.db')) => {
  const transactions: Array<number> = []
  let inserted = 0
  let begun = 0
  let atCommit = (): void => {}
  const store = await sqliteStoreOn(
    { file },
    connectAround((sql, call) => {
      if (sql === 'COMMIT') atCommit()
      const result = call()
      if (sql === 'BEGIN IMMEDIATE') {
        begun++
        inserted = 0
      }
      if (sql.startsWith('INSERT')) inserted++
      if (sql === 'COMMIT') transactions.push(inserted)
      return result
    })
  )
  // the first transaction made the schema
  transactions.length = 0
  begun = 0
  return {
    store,
    transactions,
    begun: () => begun,
    atCommit: (look: () => void) => {
      atCommit = look
    }
  }
}

const allAtOnce = (store: EventStore, appends: ReadonlyArray<Append>) =>
  Promise.all(appends.map((append) => store.append(append)()))

const list = (count: number, make = () => appendOf()): ReadonlyArray<Append> => Array.from({ length: count }, make)

describe('appends that wait together', () => {
  it('share one transaction', async () => {
    const { store, transactions, begun } = await watched()
    const results = await allAtOnce(store, list(64))
    expect(results).toEqual(Array(64).fill(E.right({ revision: 0n })))
    expect([transactions, begun()]).toEqual([[64], 1])
  })

  it('are answered 16 in a turn of the event loop, and the next ones share one all the same', async () => {
    const { store, transactions } = await watched()
    let answered = 0
    const caller = async (): Promise<void> => {
      await store.append(appendOf())()
      answered++
      await store.append(appendOf())()
    }
    const all = Promise.all(Array.from({ length: 64 }, caller))
    const seen: Array<number> = []
    while (answered < 64) {
      const before = answered
      await turn()
      if (answered > before) seen.push(answered - before)
    }
    await all
    expect(seen).toEqual([16, 16, 16, 16])
    expect(transactions).toEqual([64, 64])
  })

  it('are so many at most, and the others the next ones', async () => {
    const { store, transactions } = await watched()
    await allAtOnce(store, list(600))
    expect(transactions).toEqual([256, 256, 88])
  })

  it('are so large at most; one that is larger goes alone', async () => {
    const { store, transactions } = await watched()
    const large = (chars: number) => () => appendOf(1, undefined, undefined, 'x'.repeat(chars))
    await allAtOnce(store, [...list(7, large(300_000)), ...list(1, large(3_000_000)), ...list(2)])
    expect(transactions).toEqual([3, 3, 1, 1, 2])
  })

  it('come alone where each waits for the one before', async () => {
    const { store, transactions } = await watched()
    for (const append of list(3)) await store.append(append)()
    expect(transactions).toEqual([1, 1, 1])
  })

  it('are answered after COMMIT, none before, and seen by nobody before', async () => {
    const file = temporaryFile('store.db')
    const { store, atCommit } = await watched(file)
    const other = connect(file)
    const count = other.prepare('SELECT count(*) FROM events')
    const answered: Array<unknown> = []
    const seen: Array<unknown> = []
    atCommit(() => seen.push([answered.length, count.rows([])[0]?.[0]]))
    await Promise.all(
      list(300).map((append) =>
        store
          .append(append)()
          .then((result) => answered.push(result))
      )
    )
    other.close()
    expect(seen).toEqual([
      [0, 0],
      [256, 256]
    ])
  })

  it('are judged each alone', async () => {
    const { store, transactions } = await watched()
    const [taken, other] = [appendOf(), appendOf(2)]
    await store.append(taken)()
    const results = await allAtOnce(store, [
      { ...appendOf(), stream: taken.stream },
      other,
      { ...appendOf(), events: [] },
      taken,
      { ...appendOf(3), stream: other.stream },
      appendOf()
    ])
    const conflict = (actual: bigint) => E.left({ _tag: 'WrongExpectedRevision', actual })
    expect([results[0], results[1], results[3], results[4], results[5]]).toEqual([
      conflict(0n),
      E.right({ revision: 1n }),
      E.right({ revision: 0n }),
      conflict(1n),
      E.right({ revision: 0n })
    ])
    expect(results[2]).toMatchObject({ left: { _tag: 'NotWritten', error: { _tag: 'InvalidInput' } } })
    expect(transactions).toHaveLength(2)
  })
})

describe('a transaction that fails before COMMIT', () => {
  it.each(['BEGIN IMMEDIATE', 'INSERT'])('wrote nothing, for nobody in it (%s)', async (at) => {
    let failing = false
    let calls = 0
    const store = await sqliteStoreOn(
      {},
      connectAround((sql, call) => {
        if (failing && sql.startsWith(at) && calls++ === (at === 'INSERT' ? 5 : 0)) {
          throw sqliteError('SQLITE_FULL', 13)
        }
        return call()
      })
    )
    const appends = list(10)
    failing = true
    for (const result of await allAtOnce(store, appends)) {
      expect(result).toMatchObject({ left: { _tag: 'NotWritten', error: { _tag: 'StoreFull' } } })
    }
    failing = false
    expect(await store.readAll('start', '', 100)()).toMatchObject({ right: { events: [], atEnd: true } })
    for (const result of await allAtOnce(store, appends)) expect(result).toEqual(E.right({ revision: 0n }))
  })
})

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
  const busy = { left: { _tag: 'NotWritten', error: { _tag: 'StoreBusy' } } }

  it('are written once it is let go', async () => {
    const { store, letGo, refused } = await locked(60_000)
    const results = allAtOnce(store, list(300))
    await refused(3)
    letGo()
    expect(await results).toEqual(Array(300).fill(E.right({ revision: 0n })))
  })

  it('are refused together when their time is over, however many they are', async () => {
    const { store, letGo, refused } = await locked(5000)
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0)
    onTestFinished(() => clock.mockRestore())
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
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0)
    onTestFinished(() => clock.mockRestore())
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
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0)
    onTestFinished(() => clock.mockRestore())
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
    const clock = vi.spyOn(performance, 'now').mockReturnValue(0)
    onTestFinished(() => clock.mockRestore())
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
    const [late, inTime] = [appendOf(), appendOf()]
    const results = [store.append(late, 1)(), store.append(inTime)()]
    while (performance.now() < begun + 5) await turn()
    open()
    expect(await atomically).toEqual(E.right(undefined))
    expect(await Promise.all(results)).toMatchObject([busy, E.right({ revision: 0n })])
    expect(await store.readStream(late.stream, 'forwards', 'start', 1)()).toEqual(E.right([]))
  })

  it('are tried once at least, though their time passed while others of the store had their turn', async () => {
    const store = await sqliteStoreOn({ busyTimeoutMs: 1 })
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
    const waiting = store.append(appendOf())()
    while (performance.now() < begun + 5) await turn()
    open()
    expect(await atomically).toEqual(E.right(undefined))
    expect(await waiting).toEqual(E.right({ revision: 0n }))
  })
})
