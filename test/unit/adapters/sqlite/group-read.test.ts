import { describe, expect, it } from 'vitest'
import { appendOf } from '../../../support/append-of.ts'
import { connectAround, sqliteError } from '../../../support/connect-around.ts'
import { sqliteStoreOn } from '../../../support/sqlite-store.ts'

const streams = Array.from({ length: 100 }, (_, n) => `test-idem_${n}`)

describe('reads that wait together', () => {
  const world = async (meets: (sql: string) => void = () => {}, busyTimeoutMs = 5000) => {
    let begun = 0
    const store = await sqliteStoreOn(
      { synchronous: 'NORMAL', busyTimeoutMs },
      connectAround((sql, call) => {
        if (sql === 'BEGIN') begun++
        meets(sql)
        return call()
      })
    )
    for (const stream of streams) await store.append(appendOf(1, stream))()
    begun = 0
    return { store, begun: () => begun }
  }

  it('share transactions of 64 at most, and each is told of its own stream', async () => {
    const { store, begun } = await world()
    const read = await Promise.all(streams.map((stream) => store.readStream(stream, 'forwards', 'start', 5)()))
    expect(begun()).toBe(2)
    expect(read).toMatchObject(streams.map((stream) => ({ right: [{ stream }] })))
  })

  it('see what was committed before they were asked for, also where others are being read already', async () => {
    const { store } = await world()
    const early = streams.map((stream) => store.readStream(stream, 'backwards', 'end', 1)())
    await early[0]
    const append = appendOf(1)
    await store.append(append)()
    expect(await store.readStream(append.stream, 'backwards', 'end', 1)()).toMatchObject({ right: [{ revision: 0n }] })
    await Promise.all(early)
  })

  it('fail alone where one of them meets damage', async () => {
    let left = 0
    const { store } = await world((sql) => {
      // the first read of the transaction, and no other
      if (sql.includes('ORDER BY revision LIMIT') && left-- === 1) throw sqliteError('SQLITE_CORRUPT', 11)
    })
    left = 1
    const read = await Promise.all(streams.slice(0, 3).map((stream) => store.readStream(stream, 'forwards', 0n, 5)()))
    expect(read).toMatchObject([
      { left: { _tag: 'NotAStore' } },
      { right: [{ stream: streams[1] }] },
      { right: [{ stream: streams[2] }] }
    ])
  })

  it('are refused one by one as their time ends, where a lock lasts; the others are read once it is gone', async () => {
    let held = false
    const { store } = await world((sql) => {
      if (sql.includes('ORDER BY revision LIMIT') && held) throw sqliteError('SQLITE_BUSY', 5)
    })
    held = true
    const [patient, hasty] = [0, 1].map((n) =>
      store.readStream(`test-idem_${n}`, 'forwards', 0n, 5, n === 0 ? 5000 : 20)()
    )
    expect(await hasty).toMatchObject({ left: { _tag: 'StoreBusy' } })
    held = false
    expect(await patient).toMatchObject({ right: [{ stream: 'test-idem_0' }] })
  })

  it('end with their store', async () => {
    const { store } = await world()
    const waiting = store.readStream('test-idem_0', 'forwards', 0n, 5)()
    await store.dispose()
    expect(await waiting).toMatchObject({ left: { _tag: 'StoreUnavailable' } })
  })
})
