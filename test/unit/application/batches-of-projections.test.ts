import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { nextTurn } from '../../../src/adapters/node/timer.ts'
import { batches } from '../../../src/application/projections/batches.ts'
import type { Followed } from '../../../src/application/stream/follow.ts'
import { type Failure, failure } from '../../../src/domain/failure.ts'

type Message = E.Either<Failure, Followed>

const away = failure('StoreUnavailable', 'away')
const checkpoint = (position: number): Message => E.right({ _tag: 'Checkpoint', position: `${position}` })
const item = (position: number): Message =>
  E.right({ _tag: 'Unreadable', event: { position: `${position}`, error: away } })
/** An event with so many characters of data, and as many of metadata. */
const large = (position: number, units: number): Message => {
  const recorded = {
    ...{
      id: `${position}`,
      stream: 'keyfold-idem_a',
      type: 'DuplicateSeen',
      revision: BigInt(position),
      recordedAtMs: 1
    },
    ...{ data: 'x'.repeat(units), metadata: 'x'.repeat(units), position: `${position}` }
  }
  const event = { type: 'DuplicateSeen', data: { at: 1 }, id: recorded.id } as never
  return E.right({
    _tag: 'Event',
    decoded: { recorded, event, metadata: { schemaVersion: 1, previousHash: '', hash: '' } }
  })
}
const caughtUp: Message = E.right({ _tag: 'CaughtUp' })

/** A log that says what it is told to say, and counts what it was asked for. */
const scripted = () => {
  const said: Array<IteratorResult<Message, void>> = []
  let waiting: ((next: IteratorResult<Message, void>) => void) | undefined
  let asked = 0
  let returned = 0
  const give = (next: IteratorResult<Message, void>): void => {
    if (waiting === undefined) said.push(next)
    else waiting(next)
    waiting = undefined
  }
  const messages: AsyncIterable<Message, void> = {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        asked++
        return (
          said.shift() ??
          new Promise((resolve) => {
            waiting = resolve
          })
        )
      },
      return: async () => {
        returned++
        give({ done: true, value: undefined })
        return { done: true, value: undefined }
      }
    })
  }
  return {
    messages,
    say: (...all: ReadonlyArray<Message>) => {
      for (const value of all) give({ done: false, value })
    },
    end: () => give({ done: true, value: undefined }),
    asked: () => asked,
    returned: () => returned
  }
}

/** A timer whose sleeps end when they are told to. */
const sleeper = () => {
  const sleeps: Array<{ readonly ms: number; readonly wake: () => void }> = []
  let now = 0
  return {
    sleeps,
    advance: (ms: number) => {
      now += ms
    },
    timer: {
      monotonicMs: () => now,
      sleep: (ms: number, signal?: AbortSignal) => () =>
        new Promise<void>((resolve) => {
          sleeps.push({ ms, wake: resolve })
          signal?.addEventListener('abort', () => resolve())
        })
    }
  }
}

const seen = (
  batch: IteratorResult<
    E.Either<Failure, { items: ReadonlyArray<unknown>; position: string | undefined; caughtUp: boolean }>,
    void
  >
) => {
  if (batch.done === true) return 'over'
  if (E.isLeft(batch.value)) return batch.value.left._tag
  const { items, position, caughtUp: isAtEnd } = batch.value.right
  return [items.length, position, isAtEnd]
}

const open = (size: number, lingerMs = 5) => {
  const log = scripted()
  const time = sleeper()
  const all = batches(log.messages, { size, lingerMs }, { timer: time.timer, nextTurn })
  return { log, time, next: async () => seen(await all.next()), close: () => all.return() }
}

/** Lets everybody go on until a sleep is there. */
const slept = async ({ sleeps }: ReturnType<typeof sleeper>, count: number): Promise<void> => {
  for (let turns = 0; sleeps.length < count && turns < 1000; turns++) await nextTurn()
  expect(sleeps.length).toBe(count)
}

describe('batches of what is followed', () => {
  it('hold as many as are at hand, up to their size, without a timer', async () => {
    const { log, time, next } = open(3)
    log.say(item(1), item(2), item(3), item(4), caughtUp)
    expect([await next(), await next()]).toEqual([
      [3, '3', false],
      [1, '4', true]
    ])
    expect(time.sleeps).toEqual([])
  })

  it('are full at some 16 Mi characters, by one event at least', async () => {
    const mebi = 1024 * 1024
    const { log, next } = open(1000)
    log.say(...Array.from({ length: 20 }, (_, n) => large(n, mebi)), large(20, 9 * mebi), large(21, mebi), caughtUp)
    expect([await next(), await next(), await next(), await next()]).toEqual([
      [8, '7', false],
      [8, '15', false],
      [5, '20', false],
      [1, '21', true]
    ])
  })

  it('read no further than their consumer took them', async () => {
    const { log, next } = open(2)
    log.say(...Array.from({ length: 10 }, (_, n) => item(n)))
    await next()
    for (let turns = 0; turns < 5; turns++) await nextTurn()
    expect(log.asked()).toBe(2)
    await next()
    expect(log.asked()).toBe(4)
  })

  it('wait for company no longer than an event lingers, and begin anew with what comes', async () => {
    const { log, time, next } = open(10)
    log.say(item(1))
    const first = next()
    await slept(time, 1)
    log.say(item(2))
    await slept(time, 2)
    expect(time.sleeps.map(({ ms }) => ms)).toEqual([5, 5])
    time.sleeps[1]?.wake()
    expect(await first).toEqual([2, '2', false])
  })

  it('do not wait at all where nothing is to linger', async () => {
    const { log, time, next } = open(10, 0)
    log.say(item(1))
    expect(await next()).toEqual([1, '1', false])
    expect(time.sleeps).toEqual([])
  })

  it('tell of what is not theirs once in 100 ms, and at once where that is past', async () => {
    const { log, time, next } = open(10)
    log.say(checkpoint(1))
    const first = next()
    await slept(time, 1)
    expect(time.sleeps[0]?.ms).toBe(100)
    log.say(checkpoint(2))
    await slept(time, 2)
    time.advance(100)
    time.sleeps[1]?.wake()
    expect(await first).toEqual([0, '2', false])
    time.advance(100)
    log.say(checkpoint(3))
    expect(await next()).toEqual([0, '3', false])
  })

  it('say at once that the end was reached, be there something or not', async () => {
    const { log, next } = open(10)
    log.say(caughtUp, item(1), caughtUp)
    expect([await next(), await next()]).toEqual([
      [0, undefined, true],
      [1, '1', true]
    ])
  })

  it('give what was read before a failure, then the failure, then nothing', async () => {
    const { log, next } = open(10)
    log.say(item(1), E.left(away), item(2))
    expect([await next(), await next(), await next()]).toEqual([[1, '1', false], 'StoreUnavailable', 'over'])
    expect(log.returned()).toBe(1)
  })

  it('end with what they follow', async () => {
    const { log, next } = open(10)
    const waiting = next()
    log.end()
    expect(await waiting).toBe('over')
  })

  it('throw what it throws', async () => {
    const messages: AsyncIterable<Message, void> = {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('odd')) })
    }
    const all = batches(messages, { size: 2, lingerMs: 1 }, { ...sleeper(), nextTurn })
    await expect(all.next()).rejects.toThrow('odd')
  })

  it('are let go of by whoever turns away, while they wait or are full', async () => {
    for (const said of [[], [item(1), item(2), item(3)]]) {
      const { log, next, close } = open(2)
      log.say(item(0), ...said)
      if (said.length > 0) await next()
      await close()
      const { length } = said
      expect([length, log.returned()]).toEqual([length, length > 0 ? 1 : 0])
    }
  })

  it('give others their turn, however much a log in this process has to say', async () => {
    let said = 0
    const messages: AsyncIterable<Message, void> = {
      [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false, value: checkpoint(said++) }) })
    }
    const time = sleeper()
    const all = batches(messages, { size: 2, lingerMs: 1 }, { timer: time.timer, nextTurn })
    const first = all.next()
    await nextTurn()
    time.advance(1000)
    expect(seen(await first)).toEqual([0, expect.any(String), false])
    await all.return()
    expect(said).toBeGreaterThan(0)
  })
})
