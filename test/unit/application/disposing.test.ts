import { describe, expect, it } from 'vitest'
import { gate } from '../../support/gate.ts'
import { importable } from '../../support/importable.ts'
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
import { lostBefore, preceded, works } from '../../support/scripted-store.ts'

const over = { _tag: 'StoreUnavailable', message: 'the ledger is disposed of' }

describe('dispose', () => {
  it('finishes what runs and what waits, and only then returns', async () => {
    const { store, ledger } = scriptedLedger()
    const shut = gate()
    store.onAppend(preceded(shut.pass, lostBefore))
    const slow = ledger.reserve(asking())
    await shut.reached
    const queued = ledger.reserve(asking())
    let disposed = false
    const disposing = ledger.dispose().then(() => {
      disposed = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(disposed).toBe(false)
    shut.open()
    await disposing
    expect([await slow, await queued].map(({ _tag }) => _tag)).toEqual(['Reserved', 'Duplicate'])
    expect(await storedTypes(store)).toEqual(['Reserved', 'DuplicateSeen'])
  })
  it('refuses every later command by its tag, and writes nothing', async () => {
    const { store, ledger } = scriptedLedger()
    const claim = claimOf(await ledger.reserve(asking()))
    await ledger.dispose()
    store.forget()
    for (const run of [
      () => ledger.reserve(asking()),
      () => ledger.complete({ claim, outcome: done }),
      () => ledger.completeByKey({ ...keyOf(), outcome: done }),
      () => ledger.release({ claim }),
      () => ledger.renew({ claim, leaseMs: 1 }),
      () => ledger.expire({ recordId: idOf() }),
      () => ledger.expireByOperator({ ...keyOf(), actor: 'o', note: 'n' }),
      () => ledger.completeByOperator({ ...keyOf(), outcome: done, actor: 'o', note: 'n' }),
      () => ledger.reserveAll([{ ...asking(), lease: 5 }]),
      () => ledger.completeAll({ claims: [claim], outcome: done }),
      () => ledger.releaseAll({ claims: [claim] }),
      () => ledger.importRecords([importable('i')], { source: 's' })
    ]) {
      expect(await failureOf(run())).toEqual(over)
    }
    expect(store.appends).toEqual([])
    expect(await storedTypes(store, 'i')).toEqual([])
  })
  it('leaves the store open, and questions are still answered', async () => {
    const { ledger, rival } = scriptedLedger()
    await ledger.reserve(asking())
    await ledger.dispose()
    expect(await ledger.get(keyOf())).toMatchObject({ status: 'reserved' })
    expect(await ledger.history(keyOf())).toHaveLength(1)
    expect(await ledger.list()).toHaveLength(1)
    expect(await rival.reserve(asking())).toMatchObject({ _tag: 'Duplicate' })
  })
  it('may be asked for twice: both wait for the same end', async () => {
    const { store, ledger } = scriptedLedger()
    const shut = gate()
    store.onAppend(preceded(shut.pass))
    const slow = ledger.reserve(asking())
    await shut.reached
    const order: Array<string> = []
    const both = [ledger.dispose(), ledger.dispose()].map((disposing, index) =>
      disposing.then(() => order.push(`dispose ${index}`))
    )
    void slow.then(({ _tag }) => order.push(_tag))
    await new Promise((resolve) => setImmediate(resolve))
    expect(order).toEqual([])
    shut.open()
    await Promise.all(both)
    expect(order).toEqual(['Reserved', 'dispose 0', 'dispose 1'])
    await ledger.dispose()
  })
  it('lets a reserveAll that runs take all its keys, or give them back', async () => {
    const { store, ledger, rival } = scriptedLedger()
    const keys = ['a', 'b'].sort((x, y) => (idOf(x) < idOf(y) ? -1 : 1))
    const [first = '', second = ''] = keys
    await rival.reserve(asking({ key: second, owner: 'rival' }))
    const shut = gate()
    store.onAppend(preceded(shut.pass))
    const running = ledger.reserveAll(keys.map((key) => ({ ...asking({ key }), lease: 1000 })))
    await shut.reached
    const disposing = ledger.dispose()
    shut.open()
    await disposing
    expect(await running).toMatchObject({ _tag: 'Blocked', unreleased: [] })
    expect(await storedTypes(store, first)).toEqual(['Reserved', 'Expired'])
  })
  it('finishes an import that runs', async () => {
    const { store, ledger } = scriptedLedger()
    const shut = gate()
    store.onRead(async (real) => {
      await shut.pass()
      return works(real)
    })
    const running = ledger.importRecords([importable('a'), importable('b')], { source: 's' })
    await shut.reached
    const disposing = ledger.dispose()
    shut.open()
    await disposing
    expect(await running).toEqual({ imported: 2, skipped: 0 })
    expect(await storedTypes(store, 'b')).toEqual(['Imported'])
  })
})

describe('a use case in fp-ts style', () => {
  it('is run as often as it is called, each time as a command of its own', async () => {
    const { ledger } = scriptedLedger()
    const reserve = ledger.taskEither.reserve(asking())
    const [first, second] = await Promise.all([reserve(), reserve()])
    expect([first, second]).toMatchObject([
      { _tag: 'Right', right: { _tag: 'Reserved' } },
      { _tag: 'Right', right: { _tag: 'Duplicate' } }
    ])
  })
  it('does nothing before it is run', async () => {
    const { ledger, store } = scriptedLedger()
    ledger.taskEither.reserve(asking())
    ledger.taskEither.reserveAll([{ ...asking(), lease: 1 }])
    await new Promise((resolve) => setImmediate(resolve))
    expect(store.appends).toEqual([])
  })
})
