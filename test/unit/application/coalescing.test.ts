import { describe, expect, it, vi } from 'vitest'
import type { Chance } from '../../../src/application/ports/chance.ts'
import { failure } from '../../../src/domain/failure.ts'
import { gate } from '../../support/gate.ts'
import {
  asking,
  claimOf,
  done,
  failureOf,
  keyOf,
  type ScriptedLedger,
  scriptedLedger,
  stored
} from '../../support/scripted-ledger.ts'
import { lostAfter, notWritten, preceded, type ScriptedStore, unreadable, works } from '../../support/scripted-store.ts'
import { seededChance } from '../../support/seeded-chance.ts'
import { type VirtualTime, virtualTime } from '../../support/virtual-time.ts'

/** A held key and a ledger that coalesces; time passes only where a test says so. */
const held = async ({ lease = 1000, ...options }: { lease?: number; deadlineMs?: number; chance?: Chance } = {}) => {
  const time = virtualTime({ eager: false })
  const world = scriptedLedger({ recording: 'coalesce', timer: time, ...options })
  const claim = claimOf(await world.ledger.reserve(asking({ lease })))
  world.store.forget()
  return { ...world, time, claim }
}

const other = (requestFingerprint = 'other') => asking({ requestFingerprint })

/** What the stream tells beside its first event: type, and how many times. */
const told = async (store: ScriptedStore): Promise<ReadonlyArray<string>> =>
  (await stored(store)).slice(1).map(({ type, data }) => {
    const { count } = JSON.parse(data)
    return count === undefined ? type : `${type} ${count}`
  })

/** Lets the interval end, and what it starts come to its end. */
const intervalEnds = async (time: VirtualTime, { store }: Pick<ScriptedLedger, 'store'>): Promise<void> => {
  await vi.waitFor(() => expect(time.sleeping()).toBe(1))
  const before = store.reads.length
  time.pass(1000)
  await vi.waitFor(() => expect(store.reads.length).toBeGreaterThan(before))
}

describe('counts that wait', () => {
  it('are in the answers, and are written with the key’s next event', async () => {
    const { store, ledger, claim } = await held()
    const answers = [await ledger.reserve(asking()), await ledger.reserve(asking({ owner: 'b', nowMs: 1500 }))]
    expect(answers).toMatchObject([
      { _tag: 'Duplicate', record: { duplicateCount: 1 } },
      { _tag: 'Duplicate', record: { duplicateCount: 2, lastSeenAtMs: 1500 } }
    ])
    expect(store.appends).toEqual([])
    expect(await ledger.complete({ claim, outcome: done })).toMatchObject({ record: { duplicateCount: 2 } })
    expect(store.appends).toHaveLength(1)
    expect(await told(store)).toEqual(['DuplicateSeen 2', 'Completed'])
    expect(JSON.parse((await stored(store))[1]?.data ?? '')).toEqual({
      atMs: 1500,
      firstAtMs: 1000,
      count: 2,
      owners: ['me', 'b']
    })
  })
  it('leave the fold at hand, so that the next event is one append', async () => {
    const { store, ledger, claim } = await held()
    await ledger.reserve(asking())
    store.forget()
    await ledger.complete({ claim, outcome: done })
    expect([store.appends.length, store.reads.length]).toEqual([1, 0])
  })
  it('are written at the interval’s end, and then nothing waits any more', async () => {
    const world = await held()
    const { store, ledger, time } = world
    await Promise.all([1, 2, 3].map(() => ledger.reserve(asking())))
    expect(await told(store)).toEqual([])
    await intervalEnds(time, world)
    await vi.waitFor(async () => expect(await told(store)).toEqual(['DuplicateSeen 3']))
    await vi.waitFor(() => expect(time.sleeping()).toBe(0))
    expect(time.slept).toEqual([1000])
    await ledger.reserve(asking())
    await intervalEnds(time, world)
    await vi.waitFor(async () => expect(await told(store)).toEqual(['DuplicateSeen 3', 'DuplicateSeen 1']))
  })
  it('are written at dispose', async () => {
    const { store, ledger, time } = await held()
    await ledger.reserve(asking())
    await ledger.reserve({ ...asking({ key: 'another' }) })
    await ledger.reserve({ ...asking({ key: 'another' }) })
    await ledger.dispose()
    expect(await told(store)).toEqual(['DuplicateSeen 1'])
    expect((await stored(store, 'another')).map(({ type }) => type)).toEqual(['Reserved', 'DuplicateSeen'])
    expect(time.sleeping()).toBe(0)
  })
  it('are this process’s own, and lost where it crashes', async () => {
    const { store, ledger, rival } = await held()
    await ledger.reserve(asking())
    expect(await rival.get(keyOf())).toMatchObject({ duplicateCount: 0 })
    expect(await rival.reserve(asking())).toMatchObject({ record: { duplicateCount: 1 } })
    expect(await told(store)).toEqual(['DuplicateSeen 1'])
  })
  it('come together by kind, and the latest stands last', async () => {
    const { store, ledger } = await held()
    await ledger.reserve(other())
    const known = await told(store)
    for (const request of [asking(), other(), asking(), other(), asking({ nowMs: 1800 })]) await ledger.reserve(request)
    await ledger.completeByKey({ ...keyOf(), outcome: done })
    expect(known).toEqual(['ConflictRecorded 1'])
    expect((await told(store)).slice(1)).toEqual(['ConflictRecorded 2', 'DuplicateSeen 3', 'Completed'])
  })
  it('do not make a new conflicting fingerprint wait, and go with it', async () => {
    const { store, ledger } = await held()
    await ledger.reserve(asking())
    expect(await ledger.reserve(other())).toMatchObject({
      _tag: 'Conflict',
      record: { duplicateCount: 1, conflictFingerprints: ['other'] }
    })
    expect(await told(store)).toEqual(['DuplicateSeen 1', 'ConflictRecorded 1'])
    await ledger.reserve(other())
    expect(await told(store)).toEqual(['DuplicateSeen 1', 'ConflictRecorded 1'])
    await ledger.reserve(other('third'))
    expect((await told(store)).slice(2)).toEqual(['ConflictRecorded 1', 'ConflictRecorded 1'])
  })
  it('are written at once where they would grow too large to go with another event', async () => {
    const { store, ledger } = await held()
    const long = (index: number) => asking({ requestFingerprint: `${index}`.padEnd(4000, '.') })
    const known = Array.from({ length: 60 }, (_, index) => long(index))
    for (const request of known) await ledger.reserve(request)
    store.forget()
    for (const request of known) await ledger.reserve(request)
    expect(store.appends.length).toBeGreaterThan(1)
    for (const { events } of store.appends) {
      expect(events.reduce((sum, { data }) => sum + data.length, 0)).toBeLessThan(80 * 1024)
    }
    await ledger.dispose()
    expect(await ledger.get(keyOf())).toMatchObject({ conflictCount: 120 })
  })
})

describe('counts that wait while others write', () => {
  it('are written after what a rival wrote', async () => {
    const { store, ledger, rival, claim } = await held()
    await ledger.reserve(asking())
    await rival.reserve(other())
    await ledger.complete({ claim, outcome: done })
    expect(await told(store)).toEqual(['ConflictRecorded 1', 'DuplicateSeen 1', 'Completed'])
  })
  it('are dropped where their reservation ended, and never written to the next', async () => {
    const world = await held()
    const { store, ledger, rival, claim, time } = world
    await ledger.reserve(asking())
    await rival.release({ claim })
    await rival.reserve(asking())
    await intervalEnds(time, world)
    await vi.waitFor(() => expect(time.sleeping()).toBe(0))
    expect(await ledger.reserve(asking())).toMatchObject({ record: { epoch: 2, duplicateCount: 1 } })
    await ledger.dispose()
    expect(await told(store)).toEqual(['Expired', 'Reserved', 'DuplicateSeen 1'])
  })
  it('are dropped where their reservation ended and this process takes the key', async () => {
    const { store, ledger, rival, claim } = await held()
    await ledger.reserve(asking())
    await rival.release({ claim })
    expect(await ledger.reserve(asking())).toMatchObject({ _tag: 'Reserved', record: { duplicateCount: 0 } })
    await ledger.dispose()
    expect(await told(store)).toEqual(['Expired', 'Reserved'])
  })
  it('are part of the record that ended, whoever asks for it and when', async () => {
    const { ledger, claim: first } = await held()
    await ledger.expireByOperator({ ...keyOf(), actor: 'op', note: 'n' })
    const claim = claimOf(await ledger.reserve(asking()))
    await ledger.reserve(asking())
    const [lost, released, taken, again] = await Promise.all([
      ledger.complete({ claim: first, outcome: done }),
      ledger.release({ claim }),
      ledger.reserve(asking()),
      ledger.release({ claim })
    ])
    expect(lost).toMatchObject({ _tag: 'ClaimLost', record: { duplicateCount: 1 } })
    expect(released).toMatchObject({ _tag: 'Released', record: { duplicateCount: 1 } })
    expect(taken).toMatchObject({ previous: { duplicateCount: 1 } })
    expect(again).toEqual(released)
  })
})

describe('counts that wait while the store fails', () => {
  const full = failure('StoreFull', 'full')

  it('go on waiting where they could not be written, and are tried again at the next interval’s end', async () => {
    const world = await held()
    const { store, ledger, time } = world
    await ledger.reserve(asking())
    store.onAppend(notWritten(full))
    await intervalEnds(time, world)
    store.onRead(unreadable)
    await intervalEnds(time, world)
    expect(await told(store)).toEqual([])
    await intervalEnds(time, world)
    await vi.waitFor(async () => expect(await told(store)).toEqual(['DuplicateSeen 1']))
  })
  it('go on waiting where the event that they went with was not written', async () => {
    const { store, ledger, claim } = await held()
    await ledger.reserve(asking())
    store.onAppend(notWritten(full))
    expect(await failureOf(ledger.complete({ claim, outcome: done }))).toEqual(full)
    await ledger.complete({ claim, outcome: done })
    expect(await told(store)).toEqual(['DuplicateSeen 1', 'Completed'])
  })
  it.each([
    ['with the key’s next event', async ({ ledger }: ScriptedLedger) => failureOf(ledger.reserve(other()))],
    [
      'at the interval’s end',
      async (world: ScriptedLedger) => {
        world.store.onRead(works)
        await intervalEnds(world.time, world)
      }
    ]
  ])('are never counted twice, though their write was in doubt: %s', async (_, write) => {
    const world = await held({ deadlineMs: 0 })
    const { store, ledger } = world
    await ledger.reserve(asking())
    store.onEveryAppend(lostAfter)
    await write(world)
    await vi.waitFor(async () => expect((await told(store))[0]).toBe('DuplicateSeen 1'))
    store.onEveryAppend(works)
    await ledger.dispose()
    expect(await ledger.get(keyOf())).toMatchObject({ duplicateCount: 1 })
  })
  it('are tried again after a conflict, on what was read then', async () => {
    const { store, ledger, rival } = await held()
    await ledger.reserve(asking())
    store.onAppend(preceded(() => rival.reserve(asking())))
    await ledger.dispose()
    expect(await told(store)).toEqual(['DuplicateSeen 1', 'DuplicateSeen 1'])
  })
  it('do not take their key with them where a flush breaks off', async () => {
    let broken = false
    const { uuid, fraction } = seededChance(7)
    const chance = {
      fraction,
      uuid: () => {
        if (broken) throw new Error('no entropy')
        return uuid()
      }
    }
    const world = await held({ chance })
    const { ledger, time, store } = world
    await ledger.reserve(asking())
    broken = true
    await intervalEnds(time, world)
    await vi.waitFor(() => expect(time.sleeping()).toBe(1))
    broken = false
    expect(await ledger.completeByKey({ ...keyOf(), outcome: done })).toMatchObject({ record: { duplicateCount: 1 } })
    expect(await told(store)).toEqual(['DuplicateSeen 1', 'Completed'])
  })
  it('do not starve at the end of the interval because the key is busy', async () => {
    const { store, ledger, time } = await held()
    const started = gate()
    store.onEveryRead(async (real) => {
      void started.pass()
      await new Promise((resolve) => setImmediate(resolve))
      return real()
    })
    let busy = true
    const caller = async (): Promise<void> => {
      while (busy) await ledger.reserve(asking())
    }
    const callers = [caller()]
    // by turns: whenever one is answered the other waits already
    await started.reached
    callers.push(caller())
    await vi.waitFor(() => expect(time.sleeping()).toBe(1))
    time.pass(1000)
    const written = vi.waitFor(async () => expect((await told(store))[0]).toContain('DuplicateSeen'))
    await written.finally(() => {
      busy = false
    })
    await Promise.all(callers)
  })
})
