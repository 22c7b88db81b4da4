import * as E from 'fp-ts/Either'
import { describe, expect, it, vi } from 'vitest'
import { once, onceTaskEither } from '../../../src/composition/once.ts'
import { onceAll, onceAllTaskEither } from '../../../src/composition/once-all.ts'
import { leaseMs, onceWorld } from '../../support/once-world.ts'
import { asking, failureOf, keyOf } from '../../support/scripted-ledger.ts'

describe('once, on a ledger that is broken', () => {
  it.each([[null], [undefined], [5]])('a ledger that is none: %j', async (none) => {
    const { optionsOf } = onceWorld()
    const running = once(none as never, optionsOf() as never)(async () => 1)
    expect(await failureOf(running)).toMatchObject({ _tag: 'InvalidInput' })
  })
  it('a failure that comes from another copy of the package is that failure', async () => {
    const { ledger, optionsOf } = onceWorld()
    const reserve = () =>
      Promise.reject(Object.assign(new Error('full'), { name: 'KeyfoldError', tag: 'StoreFull', failure: full }))
    const full = { _tag: 'StoreFull', message: 'full' }
    const running = once({ ...ledger, reserve } as never, optionsOf() as never)(async () => 1)
    expect(await failureOf(running)).toMatchObject({ _tag: 'StoreFull' })
  })
  it('a ledger of another copy of the package has its surroundings where this one looks', async () => {
    const { ledger } = onceWorld()
    for (const face of [ledger, ledger.taskEither]) {
      expect(Reflect.get(face, Symbol.for('keyfold surroundings'))).toMatchObject({ clockSkewMs: 0 })
    }
  })
  it('a ledger of the wrong face: that of promises in fp-ts style', async () => {
    const { ledger, store } = onceWorld()
    const task = vi.fn()
    const rules = { owner: 'me', lease: leaseMs, onLeft: 'transient' as const }
    const key = { ...keyOf(), requestFingerprint: 'fp' }
    const failed = E.left({ _tag: 'InvalidInput', path: '$.ledger' })
    expect(await onceTaskEither(ledger as never, { ...rules, ...key })(task)()).toMatchObject(failed)
    expect(await onceAllTaskEither(ledger as never, { ...rules, keys: [key] })(task)()).toMatchObject(failed)
    expect([task.mock.calls, store.appends]).toEqual([[], []])
  })
  it('a ledger of the wrong face: that of fp-ts style', async () => {
    const { ledger, optionsOf, store } = onceWorld()
    const task = vi.fn()
    const failed = { _tag: 'StoreUnavailable' }
    expect(await failureOf(once(ledger.taskEither as never, optionsOf() as never)(task))).toMatchObject(failed)
    const all = { ...optionsOf(), keys: [optionsOf()] } as never
    expect(await failureOf(onceAll(ledger.taskEither as never, all)(task))).toMatchObject(failed)
    expect([task.mock.calls, store.appends]).toEqual([[], []])
  })
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a function', () => {}],
    ['{}', {}],
    ['a tag that is none', { _tag: 'Maybe', record: {} }],
    ['a claim without a record', { _tag: 'Reserved', claim: {} }],
    ['a record without a claim', { _tag: 'Reserved', record: {} }],
    ['no record of a duplicate', { _tag: 'Duplicate' }],
    ['no previous record of a key that is gone', { _tag: 'Gone' }]
  ])('a ledger whose reserve gives what is no answer: %s', async (_, answer) => {
    const { ledger, optionsOf } = onceWorld()
    const task = vi.fn()
    const failed = { _tag: 'StoreUnavailable' }
    const one = { ...ledger, reserve: async () => answer } as never
    expect(await failureOf(once(one, optionsOf() as never)(task))).toMatchObject(failed)
    const keys = { ...optionsOf(), keys: [optionsOf()] } as never
    for (const all of [
      answer,
      { _tag: 'Blocked', index: 0, answer },
      { _tag: 'AllReserved', reservations: [answer] }
    ]) {
      const many = { ...ledger, reserveAll: async () => all } as never
      expect(await failureOf(onceAll(many, keys)(task))).toMatchObject(failed)
    }
    expect(task).not.toHaveBeenCalled()
  })
  it('a ledger whose reserve gives what is no answer: fewer claims than keys', async () => {
    const { ledger, optionsOf } = onceWorld()
    const task = vi.fn()
    const keys = [optionsOf(), optionsOf(keyOf('another'))]
    const reserveAll = ([first]: Parameters<typeof ledger.reserveAll>[0]) => ledger.reserveAll(first ? [first] : [])
    const running = onceAll({ ...ledger, reserveAll }, { ...optionsOf(), keys } as never)(task)
    expect(await failureOf(running)).toMatchObject({ _tag: 'StoreUnavailable' })
    expect(task).not.toHaveBeenCalled()
  })
  it('a ledger of the wrong face: one without use cases, in fp-ts style', async () => {
    const { optionsOf } = onceWorld()
    const running = onceTaskEither({} as never, { ...optionsOf(), onLeft: 'transient' } as never)(vi.fn())
    expect(await running()).toMatchObject(E.left({ _tag: 'StoreUnavailable' }))
  })
  it.each<[string, unknown]>([
    ['{}', {}],
    ['no record', { _tag: 'Completed' }],
    ['no record of who is at work', { _tag: 'InFlight' }]
  ])('a ledger whose wait gives what is no answer: %s', async (_, answer) => {
    const { ledger, rival, optionsOf } = onceWorld()
    await rival.reserve(asking({ lease: leaseMs }))
    const options = optionsOf({ inFlight: { wait: 1000 } }) as never
    const running = once({ ...ledger, awaitOutcome: async () => answer } as never, options)(vi.fn())
    expect(await running).toMatchObject({ _tag: 'InFlight', record: { epoch: 1 } })
  })
  it.each([[undefined], [{}]])('a ledger that answers what is no answer: %j', async (answer) => {
    const { ledger, optionsOf, passing } = onceWorld()
    const complete = async () => answer
    const running = once({ ...ledger, complete } as never, optionsOf() as never)(async () => 1)
    expect(await passing(running)).toMatchObject({ _tag: 'Unrecorded', value: 1, cause: { _tag: 'StoreUnavailable' } })
  })
})
