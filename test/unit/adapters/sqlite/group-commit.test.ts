import { setImmediate as turn } from 'node:timers/promises'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { connect } from '../../../../src/adapters/sqlite/connection.ts'
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
