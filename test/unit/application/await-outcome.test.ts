import { describe, expect, it } from 'vitest'
import { createLedger, type LedgerOptions } from '../../../src/composition/ledger.ts'
import { countedFeeds } from '../../support/counted-feeds.ts'
import { eventually } from '../../support/eventually.ts'
import { asking, claimOf, done, failureOf, keyOf, streamOf } from '../../support/scripted-ledger.ts'
import { connectionLost, type ReadStep, scriptedStore, unreadable } from '../../support/scripted-store.ts'
import { seededChance } from '../../support/seeded-chance.ts'
import { virtualTime } from '../../support/virtual-time.ts'

/** A ledger whose subscriptions are counted, and another process on its store. Time stands still until it is told to pass. */
const world = (options: Partial<LedgerOptions> = {}) => {
  const time = virtualTime({ eager: false })
  const clock = { now: 1000 }
  const scripted = scriptedStore()
  const feeds = countedFeeds(scripted)
  const shared = { clock: () => clock.now, ...options }
  const ledger = createLedger({ ...shared, store: feeds.store, timer: time, chance: seededChance(1) })
  const rival = createLedger({ ...shared, store: scripted.real, chance: seededChance(2) })
  const pass = (ms: number): void => {
    clock.now += ms
    time.pass(ms)
  }
  const watching = () => eventually(() => expect(feeds.open()).toBe(1))
  /** Nothing is left behind: no subscription, and nobody asleep. */
  const quiet = () => eventually(() => expect([feeds.open(), time.sleeping()]).toEqual([0, 0]))
  /** Lets time go by bit by bit, while somebody waits for something. */
  const passing = async <A>(wanted: Promise<A>, step = 200): Promise<A> => {
    let answered = false
    const over = wanted.finally(() => {
      answered = true
    })
    for (let n = 0; n < 10_000 && !answered; n++) {
      pass(step)
      await new Promise((resolve) => setImmediate(resolve))
    }
    return over
  }
  return { time, clock, feeds, scripted, ledger, rival, pass, watching, quiet, passing }
}

const held = async (options: Partial<LedgerOptions> & { readonly lease?: number | 'none' } = {}) => {
  const { lease = 60_000, ...rest } = options
  const here = world(rest)
  const claim = claimOf(await here.rival.reserve(asking({ lease })))
  return { ...here, claim }
}

const waitMs = 30_000

describe('awaitOutcome answers at once', () => {
  it('Vacant where nobody ever held the key', async () => {
    const { ledger, feeds } = world()
    expect(await ledger.awaitOutcome(keyOf())).toEqual({ _tag: 'Vacant' })
    expect(feeds.asked).toEqual([])
  })
  it('Vacant with what ended last', async () => {
    const { ledger, rival, claim } = await held()
    await rival.release({ claim })
    expect(await ledger.awaitOutcome(keyOf())).toMatchObject({ _tag: 'Vacant', previous: { epoch: 1 } })
  })
  it('Completed where there is an outcome', async () => {
    const { ledger, rival, claim, feeds } = await held()
    await rival.complete({ claim, outcome: done })
    expect(await ledger.awaitOutcome(keyOf())).toMatchObject({ _tag: 'Completed', record: { outcome: done } })
    expect(feeds.asked).toEqual([])
  })
  it('InDoubt where nobody knows whether it happened, whatever lease and retention say', async () => {
    const { ledger, rival, claim, pass } = await held({ lease: 500 })
    await rival.markInDoubt({ claim })
    pass(500)
    expect(await ledger.awaitOutcome(keyOf())).toMatchObject({ _tag: 'InDoubt', record: { inDoubt: {} } })
  })
  it('Lapsed where the lease is over', async () => {
    const { ledger, pass } = await held({ lease: 500 })
    pass(500)
    expect(await ledger.awaitOutcome(keyOf())).toMatchObject({ _tag: 'Lapsed', record: { epoch: 1 } })
  })
  it('InFlight where it is to look once', async () => {
    const { ledger, time, watching, quiet } = await held()
    const waiting = ledger.awaitOutcome({ ...keyOf(), waitMs: 0 })
    time.pass(0)
    expect(await waiting).toMatchObject({ _tag: 'InFlight', record: { epoch: 1 }, retryAfterMs: 60_000 })
    await Promise.race([watching(), quiet()])
    await quiet()
  })
  it('the failure of its first look', async () => {
    const { ledger, scripted, quiet } = await held()
    scripted.onRead(unreadable)
    expect(await failureOf(ledger.awaitOutcome(keyOf()))).toEqual(connectionLost)
    await quiet()
  })
})

describe('awaitOutcome waits for another process', () => {
  it.each([
    [
      'Completed',
      async ({ rival, claim }: Awaited<ReturnType<typeof held>>) => rival.complete({ claim, outcome: done })
    ],
    ['Vacant', async ({ rival, claim }: Awaited<ReturnType<typeof held>>) => rival.release({ claim })],
    ['InDoubt', async ({ rival, claim }: Awaited<ReturnType<typeof held>>) => rival.markInDoubt({ claim })],
    [
      'Completed',
      async ({ rival }: Awaited<ReturnType<typeof held>>) => rival.completeByKey({ ...keyOf(), outcome: done })
    ]
  ] as const)('and is told of its end: %s', async (tag, end) => {
    const here = await held()
    const waiting = here.ledger.awaitOutcome({ ...keyOf(), waitMs })
    await here.watching()
    await end(here)
    expect(await waiting).toMatchObject({ _tag: tag })
    await here.quiet()
  })
  it('from the last event on, by the name of the key’s own stream', async () => {
    const { ledger, rival, claim, feeds, watching } = await held()
    await rival.renew({ claim, leaseMs: 70_000 })
    const waiting = ledger.awaitOutcome({ ...keyOf(), waitMs })
    await watching()
    expect(feeds.asked).toMatchObject([{ after: '2', streamPrefix: streamOf() }])
    await rival.complete({ claim, outcome: done })
    await waiting
  })
  it('and sees what was written while the subscription was being opened', async () => {
    const { ledger, rival, scripted, claim, quiet } = await held()
    const beforeTail: ReadStep = async (real) => {
      await rival.complete({ claim, outcome: done })
      return real()
    }
    scripted.onRead((real) => real(), beforeTail)
    expect(await ledger.awaitOutcome({ ...keyOf(), waitMs })).toMatchObject({ _tag: 'Completed' })
    await quiet()
  })
  it('and is not told of others who see the key', async () => {
    const { ledger, rival, scripted, claim, watching } = await held()
    const waiting = ledger.awaitOutcome({ ...keyOf(), waitMs })
    await watching()
    scripted.forget()
    for (let n = 0; n < 20; n++) await rival.reserve(asking())
    await rival.complete({ claim, outcome: done })
    await waiting
    expect(scripted.reads.filter(({ from }) => from === 'end')).toHaveLength(1)
  })
  it('and never writes', async () => {
    const { ledger, rival, scripted, claim, watching } = await held()
    const waiting = ledger.awaitOutcome({ ...keyOf(), waitMs })
    await watching()
    await rival.complete({ claim, outcome: done })
    await waiting
    expect(scripted.appends).toEqual([])
  })
  it('with one subscription and one look for a thousand who wait', async () => {
    const { ledger, rival, scripted, claim, feeds, watching, quiet } = await held()
    const waiting = Array.from({ length: 1000 }, () => ledger.awaitOutcome({ ...keyOf(), waitMs }))
    await watching()
    await eventually(() => expect(scripted.reads.length).toBeGreaterThan(1))
    scripted.forget()
    await rival.complete({ claim, outcome: done })
    const answers = await Promise.all(waiting)
    expect(new Set(answers.map(({ _tag }) => _tag))).toEqual(new Set(['Completed']))
    expect(feeds.asked).toHaveLength(1)
    expect(scripted.reads.length).toBeLessThanOrEqual(2)
    await quiet()
  })
  it('until the lease is over, and then somebody may take over', async () => {
    const { ledger, watching, quiet, pass, time } = await held({ lease: 3000 })
    const waiting = ledger.awaitOutcome({ ...keyOf(), waitMs })
    await watching()
    await eventually(() => expect(time.sleeping()).toBeGreaterThan(1))
    pass(2999)
    pass(1)
    pass(10)
    expect(await waiting).toMatchObject({ _tag: 'Lapsed' })
    await quiet()
  })
  it('and past a lease where nobody may take over', async () => {
    const { ledger, watching, passing, quiet } = await held({ lease: 3000, policy: { takeover: 'refuse' } })
    const waiting = ledger.awaitOutcome({ ...keyOf(), waitMs })
    await watching()
    expect(await passing(waiting)).toMatchObject({ _tag: 'InFlight' })
    await quiet()
  })
  it('until its deadline', async () => {
    const { ledger, watching, pass, quiet } = await held({ lease: 'none' })
    const waiting = ledger.awaitOutcome({ ...keyOf(), waitMs })
    await watching()
    pass(waitMs)
    const answer = await waiting
    expect(answer).toMatchObject({ _tag: 'InFlight', record: { epoch: 1 } })
    expect(answer).not.toHaveProperty('retryAfterMs')
    await quiet()
  })
  it('until its caller gives up, who costs the others nothing', async () => {
    const { ledger, rival, claim, watching, quiet } = await held()
    const gaveUp = new AbortController()
    const first = ledger.awaitOutcome({ ...keyOf(), waitMs, signal: gaveUp.signal })
    const second = ledger.awaitOutcome({ ...keyOf(), waitMs })
    await watching()
    gaveUp.abort()
    expect(await first).toMatchObject({ _tag: 'InFlight' })
    await rival.complete({ claim, outcome: done })
    expect(await second).toMatchObject({ _tag: 'Completed' })
    await quiet()
  })
  it('not at all for one who gave up before', async () => {
    const { ledger, scripted } = await held()
    const failed = await failureOf(ledger.awaitOutcome({ ...keyOf(), signal: AbortSignal.abort() }))
    expect(failed).toMatchObject({ _tag: 'Aborted' })
    expect(scripted.reads).toEqual([])
  })
  it('until the ledger is disposed of, and then says what it saw last', async () => {
    const { ledger, watching, quiet } = await held()
    const waiting = ledger.awaitOutcome({ ...keyOf(), waitMs })
    await watching()
    await ledger.dispose()
    expect(await waiting).toMatchObject({ _tag: 'InFlight' })
    expect(await failureOf(ledger.awaitOutcome(keyOf()))).toMatchObject({ _tag: 'StoreUnavailable' })
    await quiet()
  })
})

describe('awaitOutcome without a subscription', () => {
  it.each(['fails', 'ends', 'throws'] as const)('polls where it %s', async (how) => {
    const { ledger, rival, claim, feeds, scripted, passing, quiet, time } = await held()
    feeds.from(how)
    const waiting = ledger.awaitOutcome({ ...keyOf(), waitMs })
    await eventually(() => expect(time.sleeping()).toBe(2))
    await rival.complete({ claim, outcome: done })
    expect(await passing(waiting)).toMatchObject({ _tag: 'Completed' })
    expect(scripted.appends).toEqual([])
    expect(feeds.asked).toHaveLength(1)
    await quiet()
  })
  it('polls where it breaks on the way, and misses nothing that was written meanwhile', async () => {
    const { ledger, rival, claim, feeds, watching, passing, quiet } = await held()
    const waiting = ledger.awaitOutcome({ ...keyOf(), waitMs })
    await watching()
    feeds.breakAll()
    await eventually(() => expect(feeds.open()).toBe(0))
    await rival.complete({ claim, outcome: done })
    expect(await passing(waiting)).toMatchObject({ _tag: 'Completed' })
    await quiet()
  })
  it('polls ever more slowly, a few dozen times in half a minute', async () => {
    const { ledger, feeds, scripted, passing } = await held()
    feeds.from('fails')
    const waiting = ledger.awaitOutcome({ ...keyOf(), waitMs })
    await passing(waiting, 20)
    expect(scripted.reads.length).toBeGreaterThan(20)
    expect(scripted.reads.length).toBeLessThan(100)
  })
  it('waits on where the store fails for a while', async () => {
    const { ledger, rival, claim, feeds, scripted, pass, passing, quiet, time } = await held()
    feeds.from('fails')
    const waiting = ledger.awaitOutcome({ ...keyOf(), waitMs })
    await eventually(() => expect(time.sleeping()).toBe(2))
    scripted.onEveryRead(unreadable)
    const failedReads = scripted.reads.length + 3
    while (scripted.reads.length < failedReads) {
      pass(20)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await rival.complete({ claim, outcome: done })
    scripted.onEveryRead((real) => real())
    expect(await passing(waiting)).toMatchObject({ _tag: 'Completed' })
    await quiet()
  })
  it('polls the keys for which no subscription is left', async () => {
    const { ledger, rival, feeds, passing, quiet } = await held()
    const keys = Array.from({ length: 40 }, (_, n) => `key ${n}`)
    const claims = await Promise.all(
      keys.map(async (key) => claimOf(await rival.reserve(asking({ key, lease: 60_000 }))))
    )
    const waiting = keys.map((key) => ledger.awaitOutcome({ ...keyOf(key), waitMs }))
    await eventually(() => expect(feeds.open()).toBe(32))
    for (const claim of claims) await rival.complete({ claim, outcome: done })
    const answers = await passing(Promise.all(waiting))
    expect(new Set(answers.map(({ _tag }) => _tag))).toEqual(new Set(['Completed']))
    expect(feeds.asked).toHaveLength(32)
    await quiet()
  })
})
