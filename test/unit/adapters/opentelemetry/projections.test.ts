import { type Meter, type MeterProvider, metrics } from '@opentelemetry/api'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { type HealthOf, observedViews, type ViewHealth } from '../../../../src/adapters/opentelemetry/projections.ts'
import { keyIndex } from '../../../../src/application/projections/shipped/key-index.ts'
import { type Failure, failure } from '../../../../src/domain/failure.ts'
import { observeProjections } from '../../../../src/opentelemetry.ts'
import { reserveKeys, world } from '../../../projections/set-up.ts'
import { forbidUnhandledRejections } from '../../../support/eventstoredb.ts'
import { type Seen, seenGlobally, seenTelemetry } from '../../../support/telemetry.ts'

forbidUnhandledRejections()

const health = (over: Partial<ViewHealth['partitions'][number]> = {}): ViewHealth => ({
  parkedKeys: 2,
  waitingEvents: 5,
  partitions: [{ partition: 0, position: '17', events: 12, lagEvents: 5, lagSeconds: 1.5, rate: 0.25, ...over }]
})

const answering =
  (answers: { readonly [name: string]: E.Either<Failure, ViewHealth | undefined> }): HealthOf =>
  (name) =>
  async () =>
    answers[name] ?? E.right(undefined)

const broken = (): never => {
  throw new Error('it is broken')
}

const never: HealthOf = () => () => new Promise(() => {})

/** Each metric of views with its points, as [value, view, partition or failure]. */
const told = async (seen: Seen) =>
  Object.fromEntries(
    [...(await seen.metrics())].map(([name, { points }]) => [
      name.replace('keyfold.projection.', ''),
      points.map(({ value, attributes }) => [value, ...Object.values(attributes)])
    ])
  )

describe('the health of views as metrics', () => {
  it('is that of each partition, and of the view', async () => {
    const seen = seenTelemetry()
    const [first] = health().partitions
    const second = { partition: 1, position: 'start', events: 0, lagEvents: 0, lagSeconds: 0, rate: 0 }
    const both = { ...health(), partitions: first === undefined ? [] : [first, second] }
    observedViews(answering({ a: E.right(both) }), { names: ['a'], ...seen.providers })
    expect(await told(seen)).toEqual({
      position: [[17, 'a', 0]],
      events: [
        [12, 'a', 0],
        [0, 'a', 1]
      ],
      'lag.events': [
        [5, 'a', 0],
        [0, 'a', 1]
      ],
      'lag.duration': [
        [1.5, 'a', 0],
        [0, 'a', 1]
      ],
      rate: [
        [0.25, 'a', 0],
        [0, 'a', 1]
      ],
      'parked.keys': [[2, 'a']],
      'parked.events': [[5, 'a']]
    })
  })

  it.each(['start', '812/811', '', '9007199254740993', '1e3'])(
    'has no position where that is no number: "%s"',
    async (position) => {
      const seen = seenTelemetry()
      observedViews(answering({ a: E.right(health({ position })) }), { names: ['a'], ...seen.providers })
      const all = await told(seen)
      expect([all['position'], all['events']]).toEqual([undefined, [[12, 'a', 0]]])
    }
  )

  it('is told of all names, once each, by several observers too', async () => {
    const seen = seenTelemetry()
    const healthOf = answering({ a: E.right(health()), b: E.right(health()), c: E.right(health()) })
    observedViews(healthOf, { names: ['a', 'b', 'a'], ...seen.providers })
    observedViews(healthOf, { names: ['c'], ...seen.providers })
    expect((await told(seen))['parked.keys']).toEqual([
      [2, 'a'],
      [2, 'b'],
      [2, 'c']
    ])
  })

  it('is looked at anew each time, and the names are those of the beginning', async () => {
    const seen = seenTelemetry()
    const names = ['a']
    let parkedKeys = 0
    observedViews(() => async () => E.right({ ...health(), parkedKeys: ++parkedKeys }), { names, ...seen.providers })
    names.push('b')
    expect((await told(seen))['parked.keys']).toEqual([[1, 'a']])
    expect((await told(seen))['parked.keys']).toEqual([[2, 'a']])
  })

  it('is told to the SDK of the process where none is given', async () => {
    const seen = seenGlobally()
    const { projections, ledger } = await world()
    await reserveKeys(ledger, 'k')
    const runner = projections.run(keyIndex)
    await projections.waitUntil('key_index', 'end')
    await runner.stop()
    expect(metrics.getMeterProvider()).toBe(seen.providers.meterProvider)
    const observed = observeProjections(projections, { names: ['key_index'] })
    expect((await told(seen))['events']).toEqual([[1, 'key_index', 0]])
    await observed.dispose()
  })
})

describe('a view that cannot be looked at is counted and left out, and all others are told', () => {
  it.each<readonly [what: string, HealthOf, failed: string | undefined]>([
    ['its store is away', () => async () => E.left(failure('StoreUnavailable', 'away')), 'StoreUnavailable'],
    ['it throws', broken, '_OTHER'],
    ['it rejects', () => async () => broken(), '_OTHER'],
    ['it does not answer in time', never, 'StoreTimeout'],
    ['it is not there yet', () => async () => E.right(undefined), undefined]
  ])('where %s', async (_, bad, failed) => {
    const seen = seenTelemetry()
    const good = answering({ good: E.right(health()) })
    const healthOf: HealthOf = (name) => (name === 'bad' ? bad : good)(name)
    observedViews(healthOf, { names: ['bad', 'good'], withinMs: 50, ...seen.providers })
    const all = await told(seen)
    expect(all['parked.keys']).toEqual([[2, 'good']])
    expect(all['failures']).toEqual(failed === undefined ? undefined : [[1, 'bad', failed]])
  })

  it('is not asked again while it has not answered', async () => {
    const seen = seenTelemetry()
    const answers: Array<(answer: E.Either<Failure, ViewHealth>) => void> = []
    const slow: HealthOf = () => () => new Promise((resolve) => void answers.push(resolve))
    observedViews(slow, { names: ['a'], withinMs: 1, ...seen.providers })
    expect((await told(seen))['failures']).toEqual([[1, 'a', 'StoreTimeout']])
    expect((await told(seen))['failures']).toEqual([[2, 'a', 'StoreTimeout']])
    expect(answers).toHaveLength(1)
    answers[0]?.(E.right(health()))
    await Promise.resolve()
    await told(seen)
    expect(answers).toHaveLength(2)
  })
})

describe('an SDK that is broken costs nobody anything', () => {
  const meters = (change: (meter: Meter) => Meter): MeterProvider => {
    const { meterProvider } = seenTelemetry().providers
    return { getMeter: (name) => change(meterProvider.getMeter(name)) }
  }
  const without = (...members: ReadonlyArray<keyof Meter>) =>
    meters(
      (meter) =>
        new Proxy(meter, {
          get: (all, name) => (members.some((one) => one === name) ? broken : Reflect.get(all, name))
        })
    )

  it.each<readonly [what: string, () => MeterProvider]>([
    ['gives no meter', () => ({ getMeter: broken })],
    ['makes no gauge', () => without('createObservableGauge')],
    [
      'takes no callback, and lets none go',
      () => without('addBatchObservableCallback', 'removeBatchObservableCallback')
    ]
  ])('that %s', async (_, provider) => {
    const stop = observedViews(answering({ a: E.right(health()) }), { names: ['a'], meterProvider: provider() })
    await stop()
  })

  it('that takes no value', async () => {
    const seen = seenTelemetry()
    const { meterProvider } = seen.providers
    const callbacks: Array<(result: never) => unknown> = []
    const catching = new Proxy(meterProvider.getMeter('keyfold'), {
      get: (meter, name) =>
        name === 'addBatchObservableCallback'
          ? (one: never) => void callbacks.push(one)
          : Reflect.get(meter, name).bind(meter)
    })
    observedViews(answering({ a: E.right(health()) }), { names: ['a'], meterProvider: { getMeter: () => catching } })
    const result: object = { observe: broken }
    expect(await callbacks[0]?.(result as never)).toBe(undefined)
  })
})

describe('once it is disposed of', () => {
  it('nothing is looked at any more, and what was begun has ended', async () => {
    const seen = seenTelemetry()
    let looks = 0
    let ended = 0
    const slow: HealthOf = () => async () => {
      looks++
      await new Promise((resolve) => setImmediate(resolve))
      ended++
      return E.right(health())
    }
    const stop = observedViews(slow, { names: ['a'], ...seen.providers })
    const collecting = told(seen)
    while (looks === 0) await new Promise((resolve) => setImmediate(resolve))
    await stop()
    expect(ended).toBe(1)
    await collecting
    await stop()
    // the SDK goes on telling the last value
    await told(seen)
    expect(looks).toBe(1)
  })
})

describe('what makes no sense is refused at once', () => {
  it.each<readonly [what: string, options: unknown, path: string]>([
    ['no options', undefined, '$'],
    ['no names', {}, '$.names'],
    ['an empty list', { names: [] }, '$.names'],
    ['more than 64', { names: Array.from({ length: 65 }, (_, n) => `v${n}`) }, '$.names'],
    ['a name that is none', { names: [7] }, '$.names'],
    ['a name that is empty', { names: [''] }, '$.names'],
    ['one name as a text', { names: 'key_index' }, '$.names'],
    ['no wait', { names: ['a'], withinMs: 0 }, '$.withinMs'],
    ['a wait without end', { names: ['a'], withinMs: Number.POSITIVE_INFINITY }, '$.withinMs'],
    ['an option that is misspelt', { names: ['a'], within: 100 }, '$.within'],
    ['no provider', { names: ['a'], meterProvider: {} }, '$.meterProvider']
  ])('%s', async (_, options, path) => {
    const { projections } = await world()
    const observe = () => Reflect.apply(observeProjections, undefined, [projections, options])
    expect(observe).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ _tag: 'InvalidInput', path }) })
    )
  })

  it.each([undefined, null, 7, {}, { taskEither: {} }])('what are no projections: %s', (projections) => {
    const observe = () => Reflect.apply(observeProjections, undefined, [projections, { names: ['a'] }])
    expect(observe).toThrow(expect.objectContaining({ tag: 'InvalidInput' }))
  })
})
