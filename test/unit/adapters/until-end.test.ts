import { getEventListeners } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { untilEnd } from '../../../src/adapters/common/until-end.ts'
import { collectGarbage } from '../../support/collect-garbage.ts'
import { eventually } from '../../support/eventually.ts'

const collect = async <A>(items: AsyncIterable<A>): Promise<ReadonlyArray<A>> => {
  const all: Array<A> = []
  for await (const item of items) all.push(item)
  return all
}

/** Numbers from 1, one by one, and whether they were given up. */
const counting = () => {
  let closed = false
  async function* numbers(): AsyncGenerator<number> {
    try {
      for (let n = 1; ; n++) yield n
    } finally {
      closed = true
    }
  }
  return { numbers: numbers(), isClosed: () => closed }
}

describe('what is handed over until the end', () => {
  it('is all of it where the end does not come, at once or piece by piece', async () => {
    const { signal } = new AbortController()
    async function* pieces(): AsyncGenerator<number> {
      yield* [1, 2, 3]
    }
    for (const items of [[1, 2, 3], new Set([1, 2, 3]), pieces()]) {
      expect(await collect(untilEnd(items, signal))).toEqual([1, 2, 3])
    }
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('is not kept once it was handed over', async () => {
    const handedOver: Array<WeakRef<object>> = []
    async function* pieces(): AsyncGenerator<object> {
      for (;;) yield {}
    }
    const items = untilEnd(pieces(), new AbortController().signal)
    for (let n = 0; n < 100; n++) {
      const { value } = await items.next()
      if (value !== undefined) handedOver.push(new WeakRef(value))
    }
    await eventually(async () => {
      await collectGarbage()
      // the last may still be on its way
      expect(handedOver.slice(0, -2).filter((item) => item.deref() !== undefined)).toEqual([])
    })
    expect(handedOver).toHaveLength(100)
    await items.return(undefined)
  })

  it('is nothing after the end', async () => {
    expect(await collect(untilEnd([1, 2, 3], AbortSignal.abort()))).toEqual([])
  })

  it('is what came before the end, and the rest is given up', async () => {
    const end = new AbortController()
    const { numbers, isClosed } = counting()
    const seen: Array<number> = []
    for await (const n of untilEnd(numbers, end.signal)) {
      seen.push(n)
      if (n === 3) end.abort()
    }
    await turn()
    expect([seen, isClosed()]).toEqual([[1, 2, 3], true])
  })

  it('is given up at the end where it is all there, too', async () => {
    const end = new AbortController()
    let closed = false
    function* numbers(): Generator<number> {
      try {
        for (let n = 1; ; n++) yield n
      } finally {
        closed = true
      }
    }
    for await (const n of untilEnd(numbers(), end.signal)) if (n === 3) end.abort()
    expect(closed).toBe(true)
  })

  it('does not wait for a piece that never comes', async () => {
    const end = new AbortController()
    const never: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}), return: () => new Promise(() => {}) })
    }
    const all = collect(untilEnd(never, end.signal))
    await turn()
    end.abort()
    expect(await all).toEqual([])
  })

  it('is given up where nobody wants more of it', async () => {
    const { numbers, isClosed } = counting()
    const { signal } = new AbortController()
    for await (const n of untilEnd(numbers, signal)) if (n === 2) break
    await turn()
    expect(isClosed()).toBe(true)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('breaks off as it does by itself, and nothing is rejected behind its back', async () => {
    const rejections: Array<unknown> = []
    const note = (reason: unknown): void => void rejections.push(reason)
    process.on('unhandledRejection', note)
    const end = new AbortController()
    const broken = (): AsyncIterable<number> => ({
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          await turn()
          throw new Error('ran dry')
        },
        return: async () => {
          throw new Error('cannot be given up')
        }
      })
    })
    await expect(collect(untilEnd(broken(), end.signal))).rejects.toThrow('ran dry')
    const abandoned = collect(untilEnd(broken(), end.signal))
    end.abort()
    expect(await abandoned).toEqual([])
    for (let n = 0; n < 3; n++) await turn()
    process.off('unhandledRejection', note)
    expect(rejections).toEqual([])
  })
})
