import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/adapters/memory/event-store.ts'
import type { EventStore } from '../../../src/application/ports/event-store.ts'
import { createLedger } from '../../../src/composition/ledger.ts'
import { failure } from '../../../src/domain/failure.ts'
import { held, intervalEnds, other, told } from '../../support/coalescing-ledger.ts'
import { eventually } from '../../support/eventually.ts'
import { gate } from '../../support/gate.ts'
import { asking, claimOf, done, failureOf, keyOf, type ScriptedLedger } from '../../support/scripted-ledger.ts'
import { lostAfter, notWritten, preceded, unreadable, works } from '../../support/scripted-store.ts'
import { seededChance } from '../../support/seeded-chance.ts'

describe('counts that wait while others write', () => {
  it('are not lost by a command that could not read in time', async () => {
    const real = memoryStore()
    const slow = gate()
    let isSlow = false
    const store: EventStore = {
      ...real,
      readStream:
        (...asked) =>
        async () => {
          if (isSlow) await slow.pass()
          return real.readStream(...asked)()
        }
    }
    const ledger = createLedger({ store, recording: 'coalesce', coalesceMs: 60_000, deadlineMs: 50 })
    await ledger.reserve(asking())
    for (let count = 1; count <= 5; count++) await ledger.reserve(asking())
    isSlow = true
    expect(await failureOf(ledger.reserve(asking()))).toMatchObject({ _tag: 'StoreTimeout' })
    isSlow = false
    slow.open()
    await ledger.dispose()
    expect(await createLedger({ store: real }).get(keyOf())).toMatchObject({ duplicateCount: 5 })
  })
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
    await eventually(() => expect(time.sleeping()).toBe(0))
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
    await eventually(async () => expect(await told(store)).toEqual(['DuplicateSeen 1']))
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
    ['with the key’s next event', async ({ ledger }: ScriptedLedger) => ledger.reserve(other())],
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
    await eventually(async () => expect((await told(store))[0]).toBe('DuplicateSeen 1'))
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
    await eventually(() => expect(time.sleeping()).toBe(1))
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
    await eventually(() => expect(time.slept).toContain(1000))
    time.pass(1000)
    const written = eventually(async () => expect((await told(store))[0]).toContain('DuplicateSeen'))
    await written.finally(() => {
      busy = false
    })
    await Promise.all(callers)
  })
})
