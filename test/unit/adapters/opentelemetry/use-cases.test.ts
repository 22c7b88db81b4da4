import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'
import { describe, expect, it } from 'vitest'
import { instrumentedUseCases } from '../../../../src/adapters/opentelemetry/use-cases.ts'
import type { Failure } from '../../../../src/domain/failure.ts'
import { createLedger, onceTaskEither } from '../../../../src/index.ts'
import { openMemoryStore } from '../../../../src/memory.ts'
import { instrumentLedger, instrumentStore } from '../../../../src/opentelemetry.ts'
import { asking, failureOf } from '../../../support/scripted-ledger.ts'
import { seenTelemetry } from '../../../support/telemetry.ts'

describe('use cases in fp-ts style', () => {
  it('keep what once finds in them: the clock skew, for one', async () => {
    const seen = seenTelemetry()
    const store = await openMemoryStore()
    const ledger = instrumentLedger(createLedger({ store, policy: { clockSkewMs: 800 } }), seen.providers)
    const options = { ...asking(), lease: 500, onLeft: 'ambiguous' as const }
    expect(await onceTaskEither(ledger.taskEither, options)(() => TE.right(1))()).toMatchObject(
      E.left({ _tag: 'InvalidInput', path: '$.lease' })
    )
  })
})

describe('a use case that is added to the ledger', () => {
  it('is seen like all others, whatever it is called and answers', async () => {
    const seen = seenTelemetry()
    const useCases = instrumentedUseCases(
      {
        reachRecoveryPoint: (_: { readonly name: string }) => async () => E.right({ _tag: 'Reached' }),
        stuck: () => async () => E.right([{ _tag: 'NotAnAnswer' }])
      },
      seen.providers
    )
    expect(await useCases.reachRecoveryPoint({ name: 'p' })()).toEqual(E.right({ _tag: 'Reached' }))
    await useCases.stuck()()
    expect((await seen.pointsOf('keyfold.answers')).map(({ attributes }) => attributes)).toEqual([
      { 'keyfold.use_case': 'reachRecoveryPoint', 'keyfold.answer': 'Reached' },
      { 'keyfold.use_case': 'stuck', 'keyfold.answer': 'Done' }
    ])
  })

  it('is a wait where it waits for an outcome', async () => {
    const seen = seenTelemetry()
    const record = { operation: 'op', recordId: 'idem_1' }
    const answers = [E.right({ _tag: 'Settled', record }), E.left<Failure>({ _tag: 'Aborted', message: 'given up' })]
    const useCases = instrumentedUseCases(
      { awaitOutcome: (_: object) => async () => answers.shift() ?? expect.unreachable('two waits') },
      seen.providers
    )
    await useCases.awaitOutcome({ operation: 'op' })()
    await useCases.awaitOutcome({})()
    const points = await seen.pointsOf('keyfold.waits')
    expect(points.map(({ attributes, value }) => ({ ...attributes, value }))).toEqual([
      { 'keyfold.use_case': 'awaitOutcome', 'keyfold.operation': 'op', 'keyfold.answer': 'Settled', value: 1 },
      { 'keyfold.use_case': 'awaitOutcome', 'error.type': 'Aborted', value: 1 }
    ])
    expect(await seen.pointsOf('keyfold.wait.duration')).toHaveLength(2)
  })

  it('that throws throws what it threw, and no more is told than that', async () => {
    const seen = seenTelemetry()
    const useCases = instrumentedUseCases(
      {
        broken: () => async (): Promise<E.Either<Failure, void>> => {
          throw new Error('the key is order-1')
        },
        brokenAtOnce: (): (() => Promise<E.Either<Failure, void>>) => {
          throw new Error('the key is order-1')
        }
      },
      seen.providers
    )
    await expect(useCases.broken()()).rejects.toThrow('the key is order-1')
    await expect(useCases.brokenAtOnce()()).rejects.toThrow('the key is order-1')
    const [failures] = await seen.pointsOf('keyfold.failures')
    expect(failures?.attributes).toMatchObject({ 'error.type': '_OTHER' })
    expect(JSON.stringify(seen.spans().map(({ events, status }) => [events, status]))).not.toContain('order-1')
  })

  it('is left as it is where it is none', () => {
    const dispose = () => async () => E.right(undefined)
    expect(instrumentedUseCases({ dispose, version: 2 }, {})).toEqual({ dispose, version: 2 })
  })
})

describe('an instrumented ledger', () => {
  it('is disposed of by its end, and with it the ledger', async () => {
    const store = await openMemoryStore()
    const ledger = createLedger({ store })
    const wrapped = instrumentLedger(ledger)
    await wrapped[Symbol.asyncDispose]()
    expect(await failureOf(ledger.reserve(asking()))).toMatchObject({ _tag: 'StoreUnavailable' })
    expect(await failureOf(wrapped.reserve(asking()))).toMatchObject({ _tag: 'StoreUnavailable' })
  })

  it('has all that the ledger has', async () => {
    const ledger = createLedger({ store: await openMemoryStore() })
    const wrapped = instrumentLedger(ledger)
    expect(Reflect.ownKeys(wrapped)).toEqual(Reflect.ownKeys(ledger))
    expect(Object.keys(wrapped.taskEither).sort()).toEqual(Object.keys(ledger.taskEither).sort())
  })
})

describe('what makes no sense', () => {
  const thrown = (work: () => unknown): unknown => {
    try {
      return work()
    } catch (cause) {
      return Reflect.get(Object(cause), 'message')
    }
  }
  it.each([
    [{ correlate: 'yes' }, '$.correlate must be true or false, got a string of 3 characters'],
    [{ maxOperations: -1 }, '$.maxOperations must be a whole number from 0 to 10,000, got -1'],
    [{ maxOperations: 1.5 }, '$.maxOperations must be a whole number from 0 to 10,000, got 1.5'],
    [{ tracerProvider: {} }, '$.tracerProvider must have the function getTracer, got an object'],
    [{ meterProvider: 7 }, '$.meterProvider must have the function getMeter, got 7'],
    [null, '$ must be the options of telemetry, got null']
  ])('is thrown at once, of a ledger: %j', async (options, message) => {
    const ledger = createLedger({ store: await openMemoryStore() })
    expect(thrown(() => Reflect.apply(instrumentLedger, undefined, [ledger, options]))).toBe(message)
  })
  it.each([
    [{ kind: '' }, '$.kind must be a text of 1 to 64 characters, got an empty string'],
    [{ kind: 'x'.repeat(65) }, '$.kind must be a text of 1 to 64 characters, got a string of 65 characters'],
    [{ meterProvider: {} }, '$.meterProvider must have the function getMeter, got an object']
  ])('is thrown at once, of a store: %j', async (options, message) => {
    const store = await openMemoryStore()
    expect(thrown(() => Reflect.apply(instrumentStore, undefined, [store, options]))).toBe(message)
  })
  it('is what is no ledger, or no store', () => {
    expect(thrown(() => Reflect.apply(instrumentLedger, undefined, [{}]))).toBe('this is no ledger')
    expect(thrown(() => Reflect.apply(instrumentStore, undefined, [{}]))).toBe(
      'the store must be an event store, got an object'
    )
  })
})
