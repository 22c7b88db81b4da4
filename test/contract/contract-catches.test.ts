import * as E from 'fp-ts/Either'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { appendFault } from '../../src/adapters/common/port-fault.ts'
import { withinLimit } from '../../src/adapters/eventstoredb/append/event-data.ts'
import { memoryStore } from '../../src/adapters/memory/event-store.ts'
import type { EventStore } from '../../src/application/ports/event-store.ts'
import { type MemoryLog, memoryLog } from '../../src/memory.ts'
import { type Capabilities, eventStoreContract, type Harness } from '../../src/testing/index.ts'
import { appendFaults } from './faults/append-faults.ts'
import { currentFaults } from './faults/current-faults.ts'
import type { Fault } from './faults/fault.ts'
import { lifetimeFaults } from './faults/lifetime-faults.ts'
import { logFaults } from './faults/log-faults.ts'
import { readFaults } from './faults/read-faults.ts'
import { rivalFaults } from './faults/rival-faults.ts'
import { subscriptionFaults } from './faults/subscription-faults.ts'

const faults = [
  ...appendFaults,
  ...rivalFaults,
  ...readFaults,
  ...currentFaults,
  ...logFaults,
  ...subscriptionFaults,
  ...lifetimeFaults
]

const right: Fault = (store) => store

/** All that a store in memory has, and a way to ask what was removed, which is nothing. */
const all: Capabilities = { atomic: true, limited: false, removable: true, confirming: true }

const storeOn = (log: MemoryLog): EventStore => {
  const store = memoryStore({ log })
  const isRemoved: EventStore['isRemoved'] = (stream, revision) => async () =>
    E.map(() => false)(await store.readStream(stream, 'backwards', revision, 1)())
  return { ...store, ...(store.confirmCurrent && { confirmCurrent: store.confirmCurrent }), isRemoved }
}

const harnessWith = (fault: Fault, capabilities = all): Harness => {
  let log = memoryLog()
  return {
    open: async () => {
      log = memoryLog()
      return fault(storeOn(log))
    },
    openAgain: async () => fault(storeOn(log)),
    capabilities
  }
}

type Registered = { readonly topic: string; readonly name: string; readonly run: () => Promise<void> }

/** The cases as a runner is given them. */
const casesOf = (harness: Harness): ReadonlyArray<Registered> => {
  const cases: Array<Registered> = []
  let topic = ''
  eventStoreContract('store', harness, {
    describe: (name, body) => {
      topic = name
      body()
    },
    it: (name, run) => cases.push({ topic, name, run })
  })
  return cases
}

/** A fault that is none: a store that takes no more than this in one append. */
const limitedTo =
  (maxAppendBytes: number): Fault =>
  (store) => ({
    ...store,
    maxAppendBytes,
    append: (append) => {
      const tooLarge = appendFault(append) === undefined ? withinLimit(append.events, maxAppendBytes) : undefined
      return tooLarge ? async () => E.left({ _tag: 'NotWritten', error: tooLarge }) : store.append(append)
    }
  })

/** The names of the cases of a topic that fail. Whatever waits longer than the suite's patience is hurried there. */
const failuresOf = async (harness: Harness, topic: string): Promise<ReadonlyArray<string>> => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const failed: Array<string> = []
  for (const { name, run } of casesOf(harness).filter((one) => one.topic === `store: ${topic}`)) {
    let over = false
    const ran = run()
      .catch(() => failed.push(name))
      .finally(() => {
        over = true
      })
    for (let turns = 0; !over; turns++) {
      await new Promise((resolve) => setImmediate(resolve))
      if (turns > 300) await vi.advanceTimersByTimeAsync(1000)
    }
    await ran
  }
  return failed
}

describe('the contract suite', () => {
  it('finds no fault with a store that has none', async () => {
    const topics = new Set(casesOf(harnessWith(right)).map(({ topic }) => topic.slice('store: '.length)))
    expect(topics.size).toBe(13)
    for (const topic of topics) expect(await failuresOf(harnessWith(right), topic)).toEqual([])
  })

  it('finds none with one whose limit is the least that it takes', async () => {
    const harness = harnessWith(limitedTo(131_072), { ...all, limited: true })
    for (const topic of new Set(casesOf(harness).map(({ topic }) => topic.slice('store: '.length)))) {
      expect(await failuresOf(harness, topic)).toEqual([])
    }
  })

  it.each([1, 5000, 131_071])(
    'says that a limit of %d is too small for it, and not that the store is wrong',
    async (limit) => {
      const [one] = casesOf(harnessWith(limitedTo(limit), { ...all, limited: true }))
      await expect(one?.run()).rejects.toThrow(/the suite needs a `maxAppendBytes` of 131,072 or more/)
    }
  )

  it.each(faults)('finds out: %s', async (_, topic, fault) => {
    expect(await failuresOf(harnessWith(fault), topic)).not.toEqual([])
  })

  it('registers cases for what is declared, and for nothing else', () => {
    const count = (capabilities: Capabilities, topic: string): number =>
      casesOf(harnessWith(right, capabilities)).filter((one) => one.topic === `store: ${topic}`).length
    expect(count({ atomic: false, limited: false }, 'append to several streams at once')).toBe(0)
    expect(count({ atomic: true, limited: false }, 'append to several streams at once')).toBe(6)
    expect(count({ atomic: true, limited: true }, 'append, texts')).toBe(
      count({ atomic: true, limited: false }, 'append, texts') + 1
    )
    const names = casesOf(harnessWith(right, { atomic: true, limited: true })).map((one) => `${one.topic} ${one.name}`)
    expect(new Set(names).size).toBe(names.length)
  })

  it('fails a store that has more, or less, than its harness declares', async () => {
    for (const capabilities of [
      { ...all, atomic: false },
      { ...all, limited: true },
      { ...all, removable: false },
      { ...all, confirming: false }
    ]) {
      expect(await failuresOf(harnessWith(right, capabilities), 'a store')).toEqual([
        'is what its harness declares, no more and no less'
      ])
    }
  })
})
