import {
  type ContextManager,
  context,
  diag,
  type Meter,
  type MeterProvider,
  ROOT_CONTEXT,
  type Span,
  type TracerProvider,
  trace
} from '@opentelemetry/api'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createLedger, type Ledger } from '../../../../src/index.ts'
import { openMemoryStore } from '../../../../src/memory.ts'
import { instrumentLedger, instrumentStore } from '../../../../src/opentelemetry.ts'
import { forbidUnhandledRejections } from '../../../support/eventstoredb.ts'
import { asking, claimOf, done, failureOf, keyOf } from '../../../support/scripted-ledger.ts'
import { seenTelemetry } from '../../../support/telemetry.ts'

forbidUnhandledRejections()

type Providers = { readonly tracerProvider?: TracerProvider; readonly meterProvider?: MeterProvider }

const broken = (): never => {
  throw new Error('telemetry is broken')
}

/** Something whose every member throws when it is called. */
const allBroken = <A extends object>(made: A): A => new Proxy(made, { get: () => broken })

/** Something whose every member throws when it is looked at. */
const unreadable = <A extends object>(made: A): A => new Proxy(made, { get: broken })

const tracers = (span: (real: Span) => Span): TracerProvider => {
  const { tracerProvider } = seenTelemetry().providers
  return {
    getTracer: (name) => {
      const real = tracerProvider.getTracer(name)
      return {
        startSpan: (...asked) => span(real.startSpan(...asked)),
        startActiveSpan: broken
      }
    }
  }
}

const meters = (change: (meter: Meter) => Meter): MeterProvider => {
  const { meterProvider } = seenTelemetry().providers
  return { getMeter: (name) => change(meterProvider.getMeter(name)) }
}

/** What callers see of a ledger: what it answers, and what it fails with. */
const seenBy = async (ledger: Ledger) => {
  const claim = claimOf(await ledger.reserve(asking({ claimId: 'mine' })))
  return [
    claim,
    await ledger.reserve(asking()),
    await ledger.complete({ claim, outcome: done }),
    await ledger.taskEither.complete({ claim, outcome: done })(),
    await failureOf(ledger.renew({ claim: { ...claim, claimId: 'forged' }, leaseMs: 10 })),
    await ledger.get(keyOf()),
    (await ledger.history(keyOf())).length
  ]
}

const ledgers = async (providers: Providers): Promise<readonly [plain: Ledger, wrapped: Ledger]> => {
  const now = () => 1000
  const store = instrumentStore(await openMemoryStore({ now }), providers)
  return [
    createLedger({ store: await openMemoryStore({ now }), clock: now }),
    instrumentLedger(createLedger({ store, clock: now }), providers)
  ]
}

/** A context manager of one's own that goes with the test. */
const manage = (manager: ContextManager): void => {
  context.setGlobalContextManager(manager)
  onTestFinished(() => context.disable())
}

const manager = (how: Partial<ContextManager>): ContextManager => ({
  active: () => ROOT_CONTEXT,
  with: (_, work, self, ...args) => work.call(self, ...args),
  bind: (_, target) => target,
  enable: broken,
  disable: () => manager(how),
  ...how
})

describe('answers and failures are what they are without telemetry', () => {
  it.each<readonly [string, () => Providers]>([
    [
      'no provider gives a tracer or a meter',
      () => ({ tracerProvider: { getTracer: broken }, meterProvider: { getMeter: broken } })
    ],
    [
      'no span can be started',
      () => ({ tracerProvider: { getTracer: () => allBroken({ startSpan: broken, startActiveSpan: broken }) } })
    ],
    ['every call of a span throws', () => ({ tracerProvider: tracers(allBroken) })],
    ['every look at a span throws', () => ({ tracerProvider: tracers(unreadable) })],
    ['a span is undefined', () => ({ tracerProvider: tracers(() => Reflect.get({}, 'none')) })],
    ['a span is null', () => ({ tracerProvider: tracers(() => JSON.parse('null')) })],
    ['no instrument can be made', () => ({ meterProvider: meters(allBroken) })],
    [
      'no instrument records',
      () => ({
        meterProvider: meters((meter) => new Proxy(meter, { get: () => () => allBroken({}) }))
      })
    ]
  ])('where %s', async (_, providers) => {
    const [plain, wrapped] = await ledgers(providers())
    expect(await seenBy(wrapped)).toEqual(await seenBy(plain))
  })

  it.each<readonly [string, Partial<ContextManager>]>([
    ['throws before', { with: broken }],
    ['knows of nothing', { active: broken }],
    [
      'throws after',
      {
        with: (_, work, self, ...args) => {
          work.call(self, ...args)
          return broken()
        }
      }
    ],
    ['never begins', { with: () => Reflect.get({}, 'nothing') }],
    [
      'begins twice',
      {
        with: (_, work, self, ...args) => {
          work.call(self, ...args)
          return work.call(self, ...args)
        }
      }
    ]
  ])('where the context manager %s', async (_, how) => {
    const tracerProvider = tracers((span) => span)
    context.disable()
    manage(manager(how))
    const [plain, wrapped] = await ledgers({ tracerProvider })
    expect(await seenBy(wrapped)).toEqual(await seenBy(plain))
  })

  it('where OpenTelemetry’s own log throws too', async () => {
    diag.setLogger({ error: broken, warn: broken, info: broken, debug: broken, verbose: broken })
    onTestFinished(() => diag.disable())
    const [plain, wrapped] = await ledgers({ meterProvider: { getMeter: broken } })
    expect(await seenBy(wrapped)).toEqual(await seenBy(plain))
  })

  it('where the caller’s span does', async () => {
    const { tracerProvider } = seenTelemetry().providers
    const span = unreadable(tracerProvider.getTracer('app').startSpan('a request'))
    context.disable()
    manage(manager({ active: () => trace.setSpan(ROOT_CONTEXT, span) }))
    const [plain, wrapped] = await ledgers({})
    expect(await seenBy(wrapped)).toEqual(await seenBy(plain))
  })
})

describe('telemetry that throws', () => {
  it('is told to OpenTelemetry’s own log', async () => {
    const told: Array<unknown> = []
    const ignore = (): void => {}
    const logger = { warn: ignore, info: ignore, debug: ignore, verbose: ignore }
    diag.setLogger({ ...logger, error: (...what) => void told.push(what) }, { suppressOverrideMessage: true })
    onTestFinished(() => diag.disable())
    const [, wrapped] = await ledgers({ meterProvider: { getMeter: broken } })
    await wrapped.get(keyOf())
    expect(told).toContainEqual(['keyfold: telemetry failed', new Error('telemetry is broken')])
  })
})

describe('requests that do not hold still', () => {
  it('are read by the ledger alone, as often as without telemetry', async () => {
    const readsOf = async (ledger: Ledger) => {
      const reads: Array<PropertyKey> = []
      const request = new Proxy(asking(), {
        get: (target, name) => {
          reads.push(name)
          return Reflect.get(target, name)
        }
      })
      await ledger.reserve(request)
      return reads
    }
    const { providers } = seenTelemetry()
    const [plain, wrapped] = await ledgers(providers)
    const expected = await readsOf(plain)
    expect(await readsOf(wrapped)).toEqual(expected)
    const { tracerProvider } = providers
    await tracerProvider.getTracer('app').startActiveSpan('a request', async (span) => {
      expect(await readsOf(wrapped)).toEqual(expected)
      span.end()
    })
  })

  it('are read when they are made, before anybody can change them', async () => {
    const [, wrapped] = await ledgers(seenTelemetry().providers)
    const request = { ...asking() }
    const answer = wrapped.reserve(request)
    Object.assign(request, { key: 'changed', owner: 'changed' })
    expect(await answer).toMatchObject({ record: { key: 'k', owner: 'me' } })
  })

  it('fail as they fail without it', async () => {
    const [plain, wrapped] = await ledgers(seenTelemetry().providers)
    const list = new Proxy([], {
      get: (target, name) => (name === Symbol.iterator ? broken() : Reflect.get(target, name))
    })
    const hostile = {
      ...asking(),
      get key(): string {
        return broken()
      }
    }
    for (const request of [hostile, { ...asking(), operation: 7 }, unreadable(asking())]) {
      const failed = async (ledger: Ledger) => failureOf(Reflect.apply(ledger.reserve, ledger, [request]))
      expect(await failed(wrapped)).toEqual(await failed(plain))
    }
    expect(await failureOf(wrapped.reserveAll(list))).toEqual(await failureOf(plain.reserveAll(list)))
  })
})
