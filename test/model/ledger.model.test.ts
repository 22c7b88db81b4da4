import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/adapters/memory/event-store.ts'
import type { Recording } from '../../src/application/settings.ts'
import { recordOf } from '../../src/domain/state.ts'
import { createLedger, type EventStore, type RecordedEvent } from '../../src/index.ts'
import { keyOf, streamOf } from '../support/scripted-ledger.ts'
import { seededChance } from '../support/seeded-chance.ts'
import { arbitraryDeed, client, type Deed, type Ground, keys } from './client.ts'
import { isSound, isTrue, leftNothing, lived, nothingCountedTwice, oneClaimAnEpoch } from './invariants.ts'
import { type Fault, unrulyStore, watch } from './unruly-store.ts'

// Two or three ledgers, as of as many processes, over one store, each with clients that do anything at all; the
// scheduler puts their calls in any order, and calls go wrong. `npm run test:long` does the same many times more.

const numRuns = Number(process.env['KEYFOLD_MODEL_RUNS'] ?? 300)

type Process = {
  readonly recording: Recording
  readonly takeover: 'allow' | 'refuse'
  readonly clients: ReadonlyArray<ReadonlyArray<Deed>>
}

const arbitraryProcess: fc.Arbitrary<Process> = fc.record({
  recording: fc.constantFrom<Recording>('record', 'record', 'coalesce', 'ignore'),
  takeover: fc.constantFrom<Process['takeover']>('allow', 'allow', 'refuse'),
  clients: fc.array(fc.array(arbitraryDeed, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 3 })
})

const arbitraryFault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Fault>('none') },
  { weight: 4, arbitrary: fc.constantFrom<Fault>('lostBefore', 'lostAfter', 'late') },
  { weight: 1, arbitrary: fc.constant<Fault>('busy') }
)

const recordedOf = async (store: EventStore, key: string): Promise<ReadonlyArray<RecordedEvent>> => {
  const read = await store.readStream(streamOf(key), 'forwards', 'start', 10_000)()
  return read._tag === 'Right' ? read.right : expect.unreachable()
}

const play = async (scheduler: fc.Scheduler, processes: ReadonlyArray<Process>, faults: fc.Stream<Fault>) => {
  const store = memoryStore()
  let now = 0
  const time = {
    monotonicMs: () => now,
    sleep: (ms: number) => () => {
      const until = now + ms
      return scheduler.schedule(Promise.resolve(), 'sleep').then(() => {
        now = Math.max(now, until)
      })
    }
  }
  const ground: Ground = {
    said: [],
    claims: [],
    outcomes: new Map(),
    pass: (ms) => {
      now += ms
    },
    lengthOf: async (key) => (await recordedOf(store, key)).length
  }
  const nextFault = (): Fault => faults.next().value ?? 'none'
  const watches = processes.map(watch)
  const ledgers = processes.map(({ recording, takeover }, index) =>
    createLedger({
      store: unrulyStore(store, scheduler, nextFault, watches[index] ?? watch()),
      timer: time,
      chance: seededChance(index + 1),
      clock: () => 1000 + Math.floor(now),
      deadlineMs: 400,
      coalesceMs: 50,
      recording,
      policy: { takeover }
    })
  )
  const clients = ledgers.flatMap((ledger, process) =>
    (processes[process]?.clients ?? []).map((deeds, index) =>
      client(ledger, watches[process] ?? watch(), `p${process}c${index}`, deeds, ground)
    )
  )
  // every client comes to its end: nobody hangs
  await scheduler.waitFor(Promise.all(clients))
  await scheduler.waitFor(Promise.all(ledgers.map((ledger) => ledger.dispose())))
  // what is still on its way lands now
  await scheduler.waitIdle()
  const streams = await Promise.all(keys.map(async (key) => lived(key, await recordedOf(store, key))))
  return { ...ground, streams, reader: createLedger({ store }) }
}

describe('ledgers of several processes on one unruly store', () => {
  it('grant each epoch once, keep what they acknowledged, and tell nothing that is not so', async () => {
    const answers = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(arbitraryProcess, { minLength: 2, maxLength: 3 }),
        fc.infiniteStream(arbitraryFault),
        async (scheduler, processes, faults) => {
          const { said, streams, reader } = await play(scheduler, processes, faults)
          oneClaimAnEpoch(said)
          for (const one of streams) {
            isSound(one)
            for (const each of said) if (each.key === one.key) isTrue(each, one)
            leftNothing(said, one)
            nothingCountedTwice(said, one)
            const last = one.states.at(-1)
            expect(await reader.get(keyOf(one.key))).toEqual(last && recordOf(last))
          }
          for (const { answer, failed } of said) {
            const tag = answer?._tag ?? failed?._tag ?? 'none'
            answers.set(tag, (answers.get(tag) ?? 0) + 1)
          }
        }
      ),
      { numRuns }
    )
    // and the runs were not all of one kind
    for (const tag of [
      'Reserved',
      'Duplicate',
      'Conflict',
      'Completed',
      'AlreadyCompleted',
      'ClaimLost',
      'Released',
      'Renewed',
      'Reached',
      'Marked',
      'InDoubt'
    ]) {
      expect(answers.get(tag), tag).toBeGreaterThan(0)
    }
    for (const tag of ['Expired', 'StoreBusy', 'AppendUnknown']) expect(answers.get(tag), tag).toBeGreaterThan(0)
  }, 3_600_000)
})
