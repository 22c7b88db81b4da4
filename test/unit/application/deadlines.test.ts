import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { gate } from '../../support/gate.ts'
import { asking, claimOf, done, failureOf, idOf, keyOf, scriptedLedger } from '../../support/scripted-ledger.ts'
import { lostBefore, preceded, works } from '../../support/scripted-store.ts'
import { virtualTime } from '../../support/virtual-time.ts'

const never = () => new Promise<never>(() => undefined)

/** A held key on a store that is told what becomes of its calls, with time that passes only where a test says so. */
const held = async (deadlineMs = 3000) => {
  const time = virtualTime({ eager: false })
  const world = scriptedLedger({ deadlineMs, timer: time })
  const claim = claimOf(await world.ledger.reserve(asking()))
  world.store.forget()
  return { ...world, time, claim }
}

/** Until somebody sleeps who can be woken. */
const asleep = (time: ReturnType<typeof virtualTime>) => eventually(() => expect(time.sleeping()).toBeGreaterThan(0))

describe('a command whose time is over', () => {
  it('has its answer then, although the store never answers: it may be written', async () => {
    const { store, ledger, time, claim } = await held()
    store.onEveryAppend(never)
    const failed = failureOf(ledger.complete({ claim, outcome: done }))
    await asleep(time)
    time.pass(2250)
    await asleep(time)
    time.pass(750)
    expect(await failed).toMatchObject({ _tag: 'AppendUnknown', recordId: idOf() })
  })
  it('is AppendUnknown with the claim that may stand, where a grant is on its way', async () => {
    const { store, ledger, time } = scriptedLedger({ deadlineMs: 1000 })
    store.onEveryAppend(never)
    expect(await failureOf(ledger.reserve(asking({ claimId: 'mine' })))).toMatchObject({
      _tag: 'AppendUnknown',
      claim: { recordId: idOf(), epoch: 1, claimId: 'mine' }
    })
    expect(time.monotonicMs()).toBe(1000)
  })
  it('is told that nothing of it was sent, where it waited behind others all the time', async () => {
    const { store, ledger, claim, time } = await held()
    store.onEveryAppend(never)
    const first = failureOf(ledger.complete({ claim, outcome: done }))
    await asleep(time)
    const second = failureOf(ledger.renew({ claim, leaseMs: 9000 }))
    time.pass(2250)
    await asleep(time)
    time.pass(750)
    expect(await first).toMatchObject({ _tag: 'AppendUnknown' })
    expect(await second).toMatchObject({ _tag: 'StoreTimeout' })
    expect(store.appends).toHaveLength(1)
  })
  it('is not held up by those in its batch who have more time', async () => {
    const { store, ledger, claim, time } = await held()
    const shut = gate()
    store.onAppend(preceded(shut.pass))
    const before = ledger.reserve(asking())
    await shut.reached
    const early = failureOf(ledger.complete({ claim, outcome: done }))
    time.pass(2000)
    const late = failureOf(ledger.renew({ claim, leaseMs: 9000 }))
    store.onEveryAppend(never)
    shut.open()
    await before
    await eventually(() => expect(store.appends).toHaveLength(2))
    await asleep(time)
    const settled: Array<string> = []
    void late.then(({ _tag }) => settled.push(_tag))
    for (let passed = 0; passed < 1000; passed += 250) {
      time.pass(250)
      await asleep(time)
    }
    // three seconds after it was asked, and not after the other
    expect(await early).toMatchObject({ _tag: 'AppendUnknown' })
    expect(settled).toEqual([])
    for (let passed = 0; passed < 2000; passed += 250) {
      time.pass(250)
      await new Promise((resolve) => setImmediate(resolve))
      await new Promise((resolve) => setImmediate(resolve))
    }
    // it had nothing to write beside what was on its way
    expect(await late).toMatchObject({ _tag: 'StoreTimeout' })
  })
  it('does not block its key for those that come after', async () => {
    const { store, ledger, rival } = scriptedLedger({ deadlineMs: 1000 })
    store.onAppend(never)
    await failureOf(ledger.reserve(asking()))
    expect(await ledger.reserve(asking({ owner: 'next' }))).toMatchObject({
      _tag: 'Reserved',
      record: { owner: 'next' }
    })
    expect(await rival.get(keyOf())).toMatchObject({ owner: 'next' })
  })
  it('is StoreTimeout where the stream is never read', async () => {
    const { store, ledger, time } = scriptedLedger({ deadlineMs: 1000 })
    store.onEveryRead(never)
    expect(await failureOf(ledger.get(keyOf()))).toMatchObject({ _tag: 'StoreTimeout' })
    expect(await failureOf(ledger.expireByOperator({ ...keyOf(), actor: 'a', note: 'n' }))).toMatchObject({
      _tag: 'StoreTimeout'
    })
    expect(time.monotonicMs()).toBe(2000)
  })
  it('does not keep a ledger from being disposed of', async () => {
    const { store, ledger } = scriptedLedger({ deadlineMs: 1000 })
    store.onEveryAppend(never)
    const failed = failureOf(ledger.reserve(asking()))
    await ledger.dispose()
    expect(await failed).toMatchObject({ _tag: 'AppendUnknown' })
  })
})

describe('what is left of a command’s time', () => {
  it('is handed to the store with each call, and is less with each', async () => {
    const world = scriptedLedger({ deadlineMs: 2000 })
    const asked: Array<number | undefined> = []
    const store = {
      ...world.store,
      append: (append: Parameters<typeof world.store.append>[0], withinMs?: number) => {
        asked.push(withinMs)
        return world.store.append(append)
      },
      readStream: (...what: Parameters<typeof world.store.readStream>) => {
        asked.push(what[4])
        return world.store.readStream(...what)
      }
    }
    const { ledger } = scriptedLedger({ store, timer: world.time, deadlineMs: 2000 })
    world.store.onAppend(...Array.from({ length: 12 }, () => lostBefore), works)
    await ledger.reserve(asking())
    await ledger.get(keyOf())
    const get = asked.pop()
    expect(asked.length).toBeGreaterThan(10)
    // something is kept back, for the store to say how it ended
    expect(asked[0]).toBe(1900)
    expect(get).toBe(1900)
    for (const [index, ms] of asked.entries()) {
      expect(ms).toBeGreaterThanOrEqual(1)
      expect(ms).toBeLessThanOrEqual(asked[index - 1] ?? 2000)
    }
    expect(asked.at(-1)).toBeLessThan(2000)
  })

  it.each([
    [20, 15],
    [300, 225],
    [10_000, 9900]
  ])('is less than %i ms for a store, which then says itself that it was locked all the time', async (ms, given) => {
    const { store: inner, time } = scriptedLedger()
    const asked: Array<number | undefined> = []
    const locked = { _tag: 'NotWritten', error: { _tag: 'StoreBusy', message: 'locked' } } as const
    const store = {
      ...inner,
      append: (_: unknown, withinMs?: number) => async () => {
        asked.push(withinMs)
        await time.sleep(withinMs ?? ms)()
        return E.left(locked)
      }
    }
    const { ledger } = scriptedLedger({ store, timer: time, deadlineMs: ms })
    expect(await failureOf(ledger.reserve(asking()))).toMatchObject({ _tag: 'StoreBusy' })
    expect(asked).toEqual([given])
  })
})
