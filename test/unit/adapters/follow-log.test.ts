import { getEventListeners } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { followLog } from '../../../src/adapters/common/follow-log.ts'
import { notices } from '../../../src/adapters/common/notices.ts'
import { memoryStore } from '../../../src/adapters/memory/event-store.ts'
import type { ReadAll } from '../../../src/application/ports/event-store.ts'
import { failure } from '../../../src/domain/failure.ts'
import { appendOf } from '../../support/append-of.ts'

const everything = { after: 'start', streamPrefix: '' } as const

/** A store's log, and how often it was read. */
const counted = () => {
  const store = memoryStore()
  let reads = 0
  const readAll: ReadAll = (...what) => {
    reads++
    return store.readAll(...what)
  }
  return { store, readAll, reads: () => reads }
}

describe('following a log', () => {
  it('reads no further than its consumer asks for', async () => {
    const { store, readAll, reads } = counted()
    await store.append(appendOf(1000))()
    const messages = followLog(readAll, notices())(everything)[Symbol.asyncIterator]()
    expect(reads()).toBe(0)
    for (let n = 0; n < 256; n++) await messages.next()
    await turn()
    expect(reads()).toBe(1)
    await messages.next()
    await messages.next()
    expect(reads()).toBe(2)
    await messages.return?.()
  })

  it('ends with a failure, and no endless loop, where the log does not go on', async () => {
    const readAll: ReadAll = () => async () => E.right({ events: [], next: '7', atEnd: false })
    const messages: Array<unknown> = []
    for await (const message of followLog(readAll, notices())(everything)) messages.push(message)
    expect(messages).toMatchObject([{ _tag: 'Right' }, { left: { _tag: 'StoreUnavailable' } }])
  })

  it('misses no notice between its look and its wait', async () => {
    const { store, readAll } = counted()
    const written = notices()
    const late: ReadAll =
      (...what) =>
      async () => {
        const page = await readAll(...what)()
        // written when this page was read already, before anybody waits
        if (what[0] === 'start') {
          await store.append(appendOf(1))()
          written.notify()
        }
        return page
      }
    const messages = followLog(late, written)(everything)[Symbol.asyncIterator]()
    expect(await messages.next()).toMatchObject({ value: { right: { _tag: 'CaughtUp' } } })
    expect(await messages.next()).toMatchObject({ value: { right: { _tag: 'Event' } } })
    await messages.return?.()
  })

  it('looks again by itself where it is told to poll', async () => {
    const { store, readAll } = counted()
    const messages = followLog(readAll, notices(), 1)(everything)[Symbol.asyncIterator]()
    expect(await messages.next()).toMatchObject({ value: { right: { _tag: 'CaughtUp' } } })
    await store.append(appendOf(1))()
    expect(await messages.next()).toMatchObject({ value: { right: { _tag: 'Event' } } })
    await messages.return?.()
  })

  it.each([
    [100, [100, 10, 20, 40, 80, 100, 100, 10]],
    [5, [5, 5, 5, 5, 5, 5, 5, 5]],
    [undefined, Array.from({ length: 8 }, () => undefined)]
  ])(
    'told to poll every %s ms, it looks sooner after it found something, and ever later while it finds nothing',
    async (pollMs, wanted) => {
      const { store, readAll } = counted()
      const pauses: Array<number | undefined> = []
      const stop = new AbortController()
      const written: ReturnType<typeof notices> = {
        ...notices(),
        after: async (_, __, atMostMs) => {
          pauses.push(atMostMs)
          // after the first look, and after the seventh
          if (pauses.length === 1 || pauses.length === 7) await store.append(appendOf(1))()
          if (pauses.length === 8) stop.abort()
        }
      }
      for await (const _ of followLog(readAll, written, pollMs)({ ...everything, signal: stop.signal }));
      expect(pauses).toEqual(wanted)
    }
  )

  it('ends with the failure of a read', async () => {
    const error = failure('StoreBusy', 'held')
    const { signal } = new AbortController()
    const failing = followLog(() => async () => E.left(error), notices())({ ...everything, signal })
    const messages = failing[Symbol.asyncIterator]()
    expect(await messages.next()).toEqual({ done: false, value: E.left(error) })
    // not everybody asks for what comes after it
    expect(getEventListeners(signal, 'abort')).toEqual([])
    expect(await messages.next()).toEqual({ done: true, value: undefined })
  })

  it('follows anew each time that it is iterated', async () => {
    const { store, readAll } = counted()
    await store.append(appendOf(2))()
    const subscription = followLog(readAll, notices())(everything)
    for (let n = 0; n < 2; n++) {
      const seen = []
      for await (const message of subscription) {
        if (E.isRight(message) && message.right._tag === 'CaughtUp') break
        seen.push(message)
      }
      expect(seen).toMatchObject([
        { right: { event: { position: '1' } } },
        { right: { event: { position: '2' } } },
        { right: { _tag: 'Checkpoint', position: '2' } }
      ])
    }
  })

  const leaving: ReadonlyArray<readonly [string, (signal: AbortSignal) => Promise<void>]> = [
    [
      'its consumer leaves',
      async (signal) => {
        for await (const _ of followLog(counted().readAll, notices())({ ...everything, signal })) break
      }
    ],
    [
      'its consumer leaves while it waits',
      async (signal) => {
        const messages = followLog(counted().readAll, notices())({ ...everything, signal })[Symbol.asyncIterator]()
        await messages.next()
        const waiting = messages.next()
        await turn()
        await messages.return?.()
        expect(await waiting).toMatchObject({ done: true })
      }
    ],
    [
      'a read fails',
      async (signal) => {
        const broken: ReadAll = () => async () => E.left(failure('StoreBusy', 'held'))
        for await (const _ of followLog(broken, notices())({ ...everything, signal }));
      }
    ],
    [
      'it was never begun',
      async (signal) => {
        const messages = followLog(counted().readAll, notices())({ ...everything, signal })[Symbol.asyncIterator]()
        await messages.return?.()
        expect(await messages.next()).toMatchObject({ done: true })
      }
    ]
  ]
  it.each(leaving)('leaves nothing on the signal once it is over: %s', async (_, leave) => {
    const stop = new AbortController()
    await leave(stop.signal)
    expect(getEventListeners(stop.signal, 'abort')).toEqual([])
  })
})
