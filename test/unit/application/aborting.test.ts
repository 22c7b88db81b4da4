import { describe, expect, it } from 'vitest'
import { gate } from '../../support/gate.ts'
import {
  asking,
  claimOf,
  done,
  failureOf,
  idOf,
  keyOf,
  scriptedLedger,
  storedTypes
} from '../../support/scripted-ledger.ts'
import { lostBefore, preceded } from '../../support/scripted-store.ts'

const held = async () => {
  const world = scriptedLedger()
  const claim = claimOf(await world.ledger.reserve(asking()))
  world.store.forget()
  return { ...world, claim, aborting: new AbortController() }
}

const aborted = { _tag: 'Aborted' }

describe('a signal that is aborted', () => {
  it('before the command: nothing is asked of the store', async () => {
    const { store, ledger, claim } = await held()
    const signal = AbortSignal.abort()
    for (const run of [
      () => ledger.reserve(asking({ signal })),
      () => ledger.complete({ claim, outcome: done, signal }),
      () => ledger.completeByKey({ ...keyOf(), outcome: done, signal }),
      () => ledger.release({ claim, signal }),
      () => ledger.renew({ claim, leaseMs: 1, signal }),
      () => ledger.expire({ recordId: idOf(), signal }),
      () => ledger.expireByOperator({ ...keyOf(), actor: 'o', note: 'n', signal }),
      () => ledger.completeByOperator({ ...keyOf(), outcome: done, actor: 'o', note: 'n', signal }),
      () => ledger.completeAll({ claims: [claim], outcome: done, signal }),
      () => ledger.releaseAll({ claims: [claim], signal }),
      () => ledger.reserveAll([{ ...asking(), lease: 5, signal }])
    ]) {
      expect(await failureOf(run())).toMatchObject(aborted)
    }
    expect([...store.appends, ...store.reads]).toEqual([])
  })
  it('while the command waits in the queue: it is told at once, and does not run', async () => {
    const { store, ledger, claim, aborting } = await held()
    const shut = gate()
    store.onAppend(preceded(shut.pass))
    const slow = ledger.reserve(asking())
    await shut.reached
    const queued = failureOf(ledger.complete({ claim, outcome: done, signal: aborting.signal }))
    const behind = ledger.renew({ claim, leaseMs: 5000 })
    aborting.abort()
    // the gate is still shut
    expect(await queued).toMatchObject(aborted)
    shut.open()
    expect([await slow, await behind].map(({ _tag }) => _tag)).toEqual(['Duplicate', 'Renewed'])
    expect(await storedTypes(store)).toEqual(['Reserved', 'DuplicateSeen', 'LeaseRenewed'])
  })
  it('before the command, while its key is blocked: it is told at once, too', async () => {
    const { store, ledger, claim } = await held()
    const shut = gate()
    store.onAppend(preceded(shut.pass))
    const slow = ledger.reserve(asking())
    await shut.reached
    expect(await failureOf(ledger.release({ claim, signal: AbortSignal.abort() }))).toMatchObject(aborted)
    shut.open()
    await slow
    expect(await storedTypes(store)).toEqual(['Reserved', 'DuplicateSeen'])
  })
  it('between two tries: it is not tried again, and its neighbours in the batch go on', async () => {
    const { store, ledger, rival, claim, aborting } = await held()
    store.onAppend(
      preceded(async () => {
        await rival.reserve(asking())
        aborting.abort()
      })
    )
    const [completed, renewed] = await Promise.allSettled([
      ledger.complete({ claim, outcome: done, signal: aborting.signal }),
      ledger.renew({ claim, leaseMs: 5000 })
    ])
    expect(completed).toMatchObject({ reason: { failure: aborted } })
    expect(renewed).toMatchObject({ value: { _tag: 'Renewed' } })
    expect(await storedTypes(store)).toEqual(['Reserved', 'DuplicateSeen', 'LeaseRenewed'])
  })
  it('while it is being written: that is finished, and answered', async () => {
    const { store, ledger, claim, aborting } = await held()
    store.onAppend(preceded(() => aborting.abort()))
    expect(await ledger.complete({ claim, outcome: done, signal: aborting.signal })).toMatchObject({
      _tag: 'Completed'
    })
    expect(await storedTypes(store)).toEqual(['Reserved', 'Completed'])
  })
  it('while its write is in doubt: that is found out, and answered', async () => {
    const { store, ledger, claim, aborting } = await held()
    store.onAppend(
      preceded(() => aborting.abort(), lostBefore),
      lostBefore
    )
    expect(await ledger.complete({ claim, outcome: done, signal: aborting.signal })).toMatchObject({
      _tag: 'Completed'
    })
    expect(await storedTypes(store)).toEqual(['Reserved', 'Completed'])
  })
  it('after the answer: nothing happens, and the signal is let go', async () => {
    const { ledger, claim } = await held()
    const aborting = new AbortController()
    let listening = 0
    let most = 0
    const { signal } = aborting
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    Object.assign(signal, {
      addEventListener: (...args: Parameters<typeof add>) => {
        listening++
        most = Math.max(most, listening)
        add(...args)
      },
      removeEventListener: (...args: Parameters<typeof remove>) => {
        listening--
        remove(...args)
      }
    })
    await Promise.all(Array.from({ length: 50 }, () => ledger.renew({ claim, leaseMs: 4000, signal })))
    await ledger.complete({ claim, outcome: done, signal })
    expect(listening).toBe(0)
    // Node warns of more than ten
    expect(most).toBe(1)
    aborting.abort()
    expect(await ledger.get(keyOf())).toMatchObject({ status: 'completed' })
  })
  it('is no signal, and so InvalidInput, where it is something else', async () => {
    const { store, ledger, claim } = await held()
    for (const signal of [{}, 'now', { aborted: false }, null]) {
      expect(await failureOf(ledger.release({ claim, signal: signal as unknown as AbortSignal }))).toMatchObject({
        _tag: 'InvalidInput',
        path: '$.signal'
      })
    }
    expect(store.appends).toEqual([])
  })
})

describe('several keys and a signal', () => {
  it('that is aborted in the middle of a reserveAll: what was taken is given back', async () => {
    const { store, ledger } = scriptedLedger()
    const aborting = new AbortController()
    const request = (key: string) => ({ ...asking({ key, signal: aborting.signal }), lease: 1000 })
    const keys = ['a', 'b', 'c'].sort((x, y) => (idOf(x) < idOf(y) ? -1 : 1))
    store.onAppend(
      preceded(() => undefined),
      preceded(() => aborting.abort())
    )
    expect(await failureOf(ledger.reserveAll(keys.map(request)))).toMatchObject({
      ...aborted,
      recordId: idOf(keys[2]),
      unreleased: []
    })
    expect(await Promise.all(keys.map((key) => storedTypes(store, key)))).toEqual([
      ['Reserved', 'Expired'],
      ['Reserved', 'Expired'],
      []
    ])
  })
  it('that is aborted in the middle of a completeAll: what was completed stands', async () => {
    const { store, ledger } = scriptedLedger()
    const aborting = new AbortController()
    const keys = ['a', 'b'].sort((x, y) => (idOf(x) < idOf(y) ? -1 : 1))
    const claims = await Promise.all(keys.map(async (key) => claimOf(await ledger.reserve(asking({ key })))))
    store.onAppend(preceded(() => aborting.abort()))
    const request = { claims, outcome: done }
    expect(await failureOf(ledger.completeAll({ ...request, signal: aborting.signal }))).toMatchObject(aborted)
    expect(await Promise.all(keys.map((key) => storedTypes(store, key)))).toEqual([
      ['Reserved'],
      ['Reserved', 'Completed']
    ])
    expect(await ledger.completeAll(request)).toMatchObject([{ _tag: 'Completed' }, { _tag: 'Completed' }])
  })
})
