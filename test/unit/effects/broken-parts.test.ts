import * as E from 'fp-ts/Either'
import { describe, expect, it, vi } from 'vitest'
import type { TaskContext } from '../../../src/application/effects/task-context.ts'
import { once, onceTaskEither } from '../../../src/composition/once.ts'
import { onceAll, onceAllTaskEither } from '../../../src/composition/once-all.ts'
import { leaseMs, onceWorld } from '../../support/once-world.ts'
import { asking, failureOf, keyOf } from '../../support/scripted-ledger.ts'

const failing = async () => Promise.reject(new Error('it failed'))
const boom = (): never => {
  throw new Error('boom')
}
const standard = (validate: () => unknown) => ({ '~standard': { version: 1 as const, vendor: 'test', validate } })

describe('once, with parts that are broken', () => {
  it('the classifier is asynchronous', async () => {
    const { run } = onceWorld()
    expect(await run(failing, { onThrow: async () => ({ definitive: 402 }) })).toMatchObject({
      _tag: 'Failed',
      failure: 402
    })
  })
  it('the classifier rejects', async () => {
    const { run } = onceWorld()
    expect(await run(failing, { onThrow: async () => boom() })).toMatchObject({ _tag: 'InDoubt' })
  })
  it('the classifier never answers', async () => {
    const { run, passing } = onceWorld()
    const onThrow = () => new Promise<never>(() => {})
    expect(await passing(run(failing, { onThrow }))).toMatchObject({ _tag: 'InDoubt' })
  })
  it('the error cannot be described', async () => {
    const { run } = onceWorld()
    const error = new Proxy(new Error('x'), { get: boom, getPrototypeOf: boom, has: boom })
    const task = vi.fn(async () => {
      throw error
    })
    expect(await run(task, { onThrow: 'definitive' })).toMatchObject({
      _tag: 'Failed',
      failure: { name: 'Error', message: 'the task failed' }
    })
    expect(await run(task)).toMatchObject({ _tag: 'ReplayedFailure' })
    expect(task).toHaveBeenCalledTimes(1)
  })
  it.each([
    ['a getter', Object.defineProperty({}, 'a', { get: boom, enumerable: true })],
    ['a proxy', new Proxy({}, { ownKeys: boom })],
    ['a proxy within', { a: { b: new Proxy({}, { ownKeys: boom }) } }]
  ])('a result that cannot be read: %s', async (_, value) => {
    const { run } = onceWorld()
    const task = vi.fn(async () => ({ value }))
    expect(await run<unknown>(task)).toMatchObject({
      _tag: 'Ran',
      warning: { _tag: 'InvalidInput' },
      record: { outcome: { outcomeKind: 'unstored' } }
    })
    expect(await run<unknown>(task).catch((error: unknown) => error)).toMatchObject({ why: 'unstored' })
    expect(task).toHaveBeenCalledTimes(1)
  })
  it.each([
    ['rejects', async () => boom()],
    ['never answers', () => new Promise<never>(() => {})]
  ])('an asynchronous codec cannot encode the result: it %s', async (_, encode) => {
    const { run, passing } = onceWorld()
    const result = { encode, decode: E.right } as never
    expect(await passing(run(async () => 1, { result }))).toMatchObject({
      _tag: 'Ran',
      warning: { _tag: 'InvalidInput' },
      record: { outcome: { outcomeKind: 'unstored' } }
    })
  })
  it.each([
    ['decode gives nothing', { encode: (value: unknown) => value, decode: () => undefined }],
    ['decode gives {}', { encode: (value: unknown) => value, decode: () => ({}) }],
    ['validate gives nothing', standard(() => undefined)],
    ['validate gives {}', standard(() => ({}))],
    ['validate throws', standard(boom)],
    ['validate never answers', standard(() => new Promise<never>(() => {}))]
  ])('the codec gives what is no result: %s', async (_, result) => {
    const { run, passing } = onceWorld()
    const over = { result: result as never }
    expect(await passing(run(async () => 1, over))).toMatchObject({ _tag: 'Ran', warning: { _tag: 'InvalidInput' } })
    const replay = run(async () => 2, over).catch((error: unknown) => error)
    expect(await passing(replay)).toMatchObject({ name: 'ResultUnreadable', why: 'undecodable' })
  })
  it('the caller gives up while the stored result is read', async () => {
    const { run } = onceWorld()
    await run(async () => 1)
    const gaveUp = new AbortController()
    const result = standard(() => {
      gaveUp.abort()
      return new Promise<never>(() => {})
    }) as never
    const replay = run(async () => 2, { result, signal: gaveUp.signal }).catch((error: unknown) => error)
    expect(await replay).toMatchObject({ name: 'ResultUnreadable', why: 'undecodable' })
  })
  it('a task in fp-ts style gives what is no Either', async () => {
    const { ledger, types } = onceWorld()
    const rules = { ...keyOf(), owner: 'me', requestFingerprint: 'fp', lease: leaseMs, onLeft: 'transient' as const }
    const task = (() => async () => undefined) as never
    expect(await onceTaskEither(ledger.taskEither, rules)(task)()).toMatchObject(E.right({ _tag: 'InDoubt' }))
    expect(await types()).toEqual(['Reserved', 'MarkedInDoubt'])
  })
  it('recover in fp-ts style gives what is no Either', async () => {
    const { ledger, rival, time } = onceWorld()
    await rival.reserve(asking({ lease: 1000 }))
    time.pass(1000)
    const recover = (() => async () => undefined) as never
    const rules = { ...keyOf(), owner: 'me', requestFingerprint: 'fp', lease: leaseMs, onLeft: 'transient' as const }
    const answer = await onceTaskEither(ledger.taskEither, { ...rules, recover })(() => async () => E.right(1))()
    expect(answer).toMatchObject(E.right({ _tag: 'InDoubt' }))
  })
  it.each<[string, object]>([
    ['a clock that is none', { clock: 5 }],
    ['a timer that is none', { timer: {} }],
    ['a chance that is none', { chance: {} }],
    ['a signal without an end to listening', { signal: { aborted: false, addEventListener: () => {} } }],
    ['an option that throws', Object.defineProperty({}, 'clock', { get: boom, enumerable: true })]
  ])('a part that is none, or cannot be read: %s', async (_, over) => {
    const { ledger, optionsOf, store } = onceWorld()
    const options = Object.defineProperties(optionsOf(), Object.getOwnPropertyDescriptors(over)) as never
    expect(await failureOf(once(ledger, options)(async () => 1))).toMatchObject({ _tag: 'InvalidInput' })
    expect(store.appends).toEqual([])
  })
  it.each([
    [null, 'null'],
    [undefined, 'undefined'],
    ['k', 'a string of 1 character']
  ])('options that are no object: %j', async (none, got) => {
    const { ledger } = onceWorld()
    const failed = { _tag: 'InvalidInput', path: '$', message: `the options must be an object, got ${got}` }
    expect(await failureOf(once(ledger, none as never)(async () => 1))).toMatchObject(failed)
    expect(await failureOf(onceAll(ledger, none as never)(async () => 1))).toMatchObject(failed)
    const right = () => async () => E.right(1)
    expect(await onceTaskEither(ledger.taskEither, none as never)(right)()).toMatchObject(E.left(failed))
    expect(await onceAllTaskEither(ledger.taskEither, none as never)(right)()).toMatchObject(E.left(failed))
  })
  it('a chance that throws is no chance', async () => {
    const { run, pass, types, time } = onceWorld()
    const chance = { uuid: () => crypto.randomUUID(), fraction: boom }
    const running = run(
      async () => {
        await time.sleep(2 * leaseMs)()
        return 1
      },
      { chance }
    )
    await pass(2 * leaseMs)
    expect(await running).toMatchObject({ _tag: 'Ran' })
    expect(await types()).toContain('LeaseRenewed')
  })
  it('a signal that cannot be listened to', async () => {
    const { ledger, optionsOf, types } = onceWorld()
    const signal = { aborted: false, addEventListener: boom, removeEventListener: () => {} } as never
    const task = vi.fn()
    const running = once(ledger, optionsOf({ signal }) as never)(task)
    expect(await failureOf(running)).toMatchObject({ _tag: 'InvalidInput', path: '$.signal' })
    expect(task).not.toHaveBeenCalled()
    expect(await types()).toEqual([])
  })
  it('a signal that cannot be listened to again', async () => {
    const { ledger, optionsOf } = onceWorld()
    const addEventListener = vi.fn().mockImplementationOnce(() => {})
    addEventListener.mockImplementation(boom)
    const signal = { aborted: false, addEventListener, removeEventListener: () => {} } as never
    const task = vi.fn()
    const reserve: typeof ledger.reserve = (request) => ledger.reserve({ ...request, signal: undefined })
    const running = once({ ...ledger, reserve }, optionsOf({ signal }) as never)(task)
    expect(await running).toMatchObject({ _tag: 'Released', error: { why: 'CallerAborted' } })
    expect(task).not.toHaveBeenCalled()
  })
  it('options that are inherited, or getters of a class', async () => {
    const { ledger, optionsOf, pass } = onceWorld()
    const encode = vi.fn((value: number) => value)
    const given = optionsOf({ maxDurationMs: 1000, result: { encode, decode: E.right } as never })
    const why = async ({ signal }: TaskContext) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      return signal.reason.why
    }
    const running = once(ledger, Object.create(given) as never)(why)
    await pass(1000)
    expect(await running).toMatchObject({ _tag: 'Ran', value: 'MaxDuration' })
    expect(encode).toHaveBeenCalledTimes(1)
  })
})

describe('once, where it has to go on', () => {
  it('the history of an earlier attempt cannot be read', async () => {
    const { run, store, ledger, optionsOf, passing, types } = onceWorld()
    await run(failing, { onThrow: 'transient' })
    const history = async () => boom()
    const task = vi.fn(async () => 1)
    const running = once({ ...ledger, history }, optionsOf() as never)(task)
    expect(await failureOf(passing(running))).toMatchObject({ _tag: 'StoreUnavailable' })
    expect(task).not.toHaveBeenCalled()
    expect((await types()).at(-1)).toBe('Expired')
    expect(store.appends.length).toBeGreaterThan(0)
  })
  it('no history is read of a key that is used again after its outcome', async () => {
    const { run, ledger, optionsOf, pass } = onceWorld()
    await run(async () => 1, { retentionMs: 1000 })
    await pass(2000)
    const history = vi.fn(ledger.history)
    const running = once({ ...ledger, history }, optionsOf() as never)(async () => 2)
    expect(await running).toMatchObject({ _tag: 'Ran', value: 2, record: { epoch: 2 } })
    expect(history).not.toHaveBeenCalled()
  })
  it('the history of an earlier attempt cannot be read on a takeover', async () => {
    const { rival, time, ledger, optionsOf, passing, types } = onceWorld()
    await rival.reserve(asking({ lease: 1000 }))
    time.pass(1000)
    const task = vi.fn(async () => 1)
    const running = once({ ...ledger, history: async () => boom() }, optionsOf() as never)(task)
    expect(await failureOf(passing(running))).toMatchObject({ _tag: 'StoreUnavailable' })
    expect(task).not.toHaveBeenCalled()
    expect(await types()).toEqual(['Reserved', 'Expired', 'Reserved'])
  })
})
