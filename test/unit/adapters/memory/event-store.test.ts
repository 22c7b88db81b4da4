import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { exactly } from '../../../../src/domain/expected-revision.ts'
import { memoryLog, openMemoryStore } from '../../../../src/memory.ts'
import { appendOf } from '../../../support/append-of.ts'

describe('the memory store', () => {
  it('has a log of its own where none is named', async () => {
    const [one, other] = [await openMemoryStore(), await openMemoryStore()]
    const append = appendOf(2)
    await one.append(append)()
    expect(await other.readStream(append.stream, 'forwards', 'start', 10)()).toEqual(E.right([]))
  })

  it('shares a log that is named, each store with its own clock and its own end', async () => {
    const log = memoryLog()
    const [one, other] = [await openMemoryStore({ log, now: () => 1 }), await openMemoryStore({ log, now: () => 2 })]
    const append = appendOf(1)
    await one.append(append)()
    await other.append(appendOf(1, append.stream, exactly(0n)))()
    await one.dispose()
    expect(await other.readStream(append.stream, 'forwards', 'start', 10)()).toMatchObject({
      right: [
        { revision: 0n, position: '1', recordedAtMs: 1 },
        { revision: 1n, position: '2', recordedAtMs: 2 }
      ]
    })
  })

  it('gives a position back whose append was taken back', async () => {
    const store = await openMemoryStore()
    const kept = appendOf(1)
    await store.append(kept)()
    await store.appendAtomically?.([appendOf(3), { ...appendOf(1), stream: kept.stream }])()
    const next = appendOf(1)
    await store.append(next)()
    expect(await store.readAll('start', '', 10)()).toMatchObject({
      right: { events: [{ position: '1' }, { position: '2', id: next.events[0]?.id }], next: '2', atEnd: true }
    })
  })

  it('keeps a reader from changing what it holds', async () => {
    const store = await openMemoryStore()
    const append = appendOf(2)
    await store.append(append)()
    const read = await store.readStream(append.stream, 'forwards', 'start', 10)()
    const held = structuredClone(read)
    if (E.isRight(read)) {
      for (const event of read.right) Reflect.set(event, 'data', '{}')
      Reflect.set(read.right, 'length', 0)
    }
    expect(await store.readStream(append.stream, 'forwards', 'start', 10)()).toEqual(held)
  })

  it('holds nothing of an append that cannot be read, nor of those that it was to be written with', async () => {
    const store = await openMemoryStore()
    const [event] = appendOf(1).events
    let reads = 0
    const changing = {
      ...event,
      get data() {
        if (++reads > 1) throw new Error('no')
        return '{}'
      }
    }
    const odd = [null, { ...appendOf(2), events: [event, changing] }]
    for (const append of odd) {
      const left = { _tag: 'NotWritten', error: { _tag: 'InvalidInput' } }
      expect(await store.appendAtomically?.([appendOf(), append as never])()).toMatchObject({ left })
      reads = 0
      expect(await store.append(append as never)()).toMatchObject({ left })
      reads = 0
    }
    expect(await store.readAll('start', '', 10)()).toMatchObject({ right: { events: [], next: 'start' } })
  })
})
