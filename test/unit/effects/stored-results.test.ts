import * as t from 'io-ts'
import { describe, expect, it, vi } from 'vitest'
import { onceWorld } from '../../support/once-world.ts'
import { failureOf } from '../../support/scripted-ledger.ts'

describe('once, what is stored of how the task ended', () => {
  it.each([
    ['a bigint', { at: 1n }],
    ['a map', new Map([['a', 1]])],
    ['a member that is a function', { a: () => 1 }],
    ['NaN', Number.NaN]
  ])('a result that is no JSON: %s', async (_, value) => {
    const { run } = onceWorld()
    const task = vi.fn(async () => value)
    expect(await run<unknown>(task)).toMatchObject({
      _tag: 'Ran',
      value,
      warning: { _tag: 'InvalidInput', path: expect.stringContaining('$.outcome.details') },
      record: { outcome: { outcomeKind: 'unstored', primaryRefId: 'InvalidInput', details: null } }
    })
    const replay = await run<unknown>(task).catch((error: unknown) => error)
    expect(replay).toMatchObject({ _tag: 'ResultUnreadable', why: 'unstored' })
    expect(task).toHaveBeenCalledTimes(1)
  })
  it('a result that JSON takes in its own way: it comes back as JSON has it', async () => {
    const { run } = onceWorld()
    const value = { at: new Date(0), left: undefined, list: [undefined] }
    const task = vi.fn(async (): Promise<unknown> => value)
    const ran = await run<unknown>(task)
    expect(ran).toMatchObject({ _tag: 'Ran', record: { outcome: { outcomeKind: 'succeeded' } } })
    expect(ran).not.toHaveProperty('warning')
    const replay = await run<unknown>(task)
    expect(replay).toMatchObject({ _tag: 'Replayed' })
    expect('value' in replay && replay.value).toStrictEqual({ at: '1970-01-01T00:00:00.000Z', list: [null] })
    expect(task).toHaveBeenCalledTimes(1)
  })
  it('a result over the limit', async () => {
    const { run } = onceWorld({ limits: { outcomeBytes: 200 } })
    const task = vi.fn(async () => 'x'.repeat(201))
    expect(await run(task)).toMatchObject({ _tag: 'Ran', warning: { _tag: 'LimitExceeded' } })
    expect(await run(task).catch((error: unknown) => error)).toMatchObject({ why: 'unstored' })
    expect(task).toHaveBeenCalledTimes(1)
  })
  it.each([
    ['too large', 'x'.repeat(201), '$.outcome has 241 bytes as JSON, over the limit of 200 bytes'],
    ['too deep', [[[[1]]]], 'nested more than 3 levels deep (at $.outcome.details[0][0][0])']
  ])('a result over the limit: the warning says that, and not that the key is held: %s', async (_, value, message) => {
    const { run } = onceWorld({ limits: { outcomeBytes: 200, detailsDepth: 3 } })
    expect(await run<unknown>(async () => value)).toMatchObject({
      warning: { _tag: 'LimitExceeded', message },
      record: { outcome: { outcomeKind: 'unstored' } }
    })
  })
  it.each([
    ['of nothing', 0, false],
    ['a byte too small', 97, false],
    ['just large enough', 98, true]
  ])('a ledger whose limit holds no outcome of once: %s', async (_, outcomeBytes, isTaken) => {
    const { run, store } = onceWorld({ limits: { outcomeBytes } })
    const task = vi.fn(async () => 'x'.repeat(100))
    if (isTaken) {
      expect(await run(task)).toMatchObject({ _tag: 'Ran', record: { outcome: { outcomeKind: 'unstored' } } })
      return
    }
    const message = `$.ledger takes outcomes of ${outcomeBytes} bytes at most, and how a task ended may need 98`
    expect(await failureOf(run(task))).toMatchObject({ _tag: 'InvalidInput', path: '$.ledger', message })
    expect([task.mock.calls, store.appends]).toEqual([[], []])
  })
  it('a failure over the limit', async () => {
    const { run } = onceWorld({ limits: { outcomeBytes: 200 } })
    const task = vi.fn(async () => Promise.reject(new Error('x'.repeat(201))))
    expect(await run(task, { onThrow: 'definitive' })).toMatchObject({ _tag: 'Failed', failure: null })
    expect(await run(task, { onThrow: 'definitive' })).toMatchObject({ _tag: 'ReplayedFailure', failure: null })
    expect(task).toHaveBeenCalledTimes(1)
  })
  it('the codec cannot encode the result', async () => {
    const { run } = onceWorld()
    const cause = new Error('no')
    const encode = () => {
      throw cause
    }
    const task = vi.fn(async () => 1)
    expect(await run(task, { result: { encode, decode: t.number.decode } })).toMatchObject({
      _tag: 'Ran',
      value: 1,
      warning: { _tag: 'InvalidInput', cause },
      record: { outcome: { outcomeKind: 'unstored' } }
    })
    expect(task).toHaveBeenCalledTimes(1)
  })
  it('the codec does not read back what it stored', async () => {
    const { run } = onceWorld()
    const result = { encode: String, decode: t.number.decode }
    expect(await run(async () => 1, { result })).toMatchObject({
      _tag: 'Ran',
      value: 1,
      warning: { _tag: 'InvalidInput' },
      record: { outcome: { outcomeKind: 'succeeded', details: '1' } }
    })
  })
  it('a codec that never answers keeps no outcome from the ledger', async () => {
    const { run, types, pass } = onceWorld()
    const validate = () => new Promise<never>(() => {})
    void run(async () => 1, { result: { '~standard': { version: 1, vendor: 'test', validate } } })
    await pass(0)
    expect(await types()).toEqual(['Reserved', 'Completed'])
  })
  it('a value goes through an io-ts type', async () => {
    const { run } = onceWorld()
    const date = new t.Type<Date, string, unknown>(
      'Date',
      (value): value is Date => value instanceof Date,
      (value, context) => (typeof value === 'string' ? t.success(new Date(value)) : t.failure(value, context)),
      (value) => value.toISOString()
    )
    const value = new Date(0)
    expect(await run(async () => value, { result: date })).not.toHaveProperty('warning')
    expect(await run(async () => value, { result: date })).toMatchObject({ _tag: 'Replayed', value })
  })
  it('a value goes through a Standard Schema', async () => {
    const { run } = onceWorld()
    const validate = async (value: unknown) =>
      typeof value === 'number' ? { value } : { issues: [{ message: 'no number' }] }
    const result = { '~standard': { version: 1 as const, vendor: 'test', validate } }
    expect(await run(async () => 7, { result })).toMatchObject({ _tag: 'Ran', value: 7 })
    expect(await run(async () => 7, { result })).toMatchObject({ _tag: 'Replayed', value: 7 })
  })
})
