import { metrics, trace } from '@opentelemetry/api'
import { describe, expect, test } from 'tstyche'
import type { EventStore, Ledger, OpenedStore } from '../../src/index.ts'
import {
  instrumentLedger,
  instrumentStore,
  type ObservedProjections,
  observeProjections
} from '../../src/opentelemetry.ts'
import type { Projections } from '../../src/projections.ts'

declare const ledger: Ledger
declare const store: EventStore
declare const projections: Projections

const providers = { tracerProvider: trace.getTracerProvider(), meterProvider: metrics.getMeterProvider() }

describe('telemetry', () => {
  test('gives what it was given: a ledger, and a store that is opened', () => {
    expect(instrumentLedger(ledger)).type.toBe<Ledger>()
    expect(instrumentStore(store)).type.toBe<OpenedStore>()
  })
  test('takes providers of the API, and options of its own', () => {
    expect(instrumentLedger).type.toBeCallableWith(ledger, { ...providers, correlate: false, maxOperations: 10 })
    expect(instrumentStore).type.toBeCallableWith(store, { ...providers, kind: 'sqlite' })
  })
  test('tells of projections by name', () => {
    const { meterProvider } = providers
    expect(observeProjections(projections, { names: ['key_index'] })).type.toBe<ObservedProjections>()
    expect(observeProjections).type.toBeCallableWith(projections, {
      names: ['key_index'],
      meterProvider,
      withinMs: 100
    })
    expect(observeProjections).type.not.toBeCallableWith(projections)
    expect(observeProjections).type.not.toBeCallableWith(projections, { names: 'key_index' })
    expect(observeProjections).type.not.toBeCallableWith(ledger, { names: ['key_index'] })
  })
  test('knows which option is whose', () => {
    expect(instrumentLedger).type.not.toBeCallableWith(ledger, { kind: 'sqlite' })
    expect(instrumentStore).type.not.toBeCallableWith(store, { correlate: true })
    expect(instrumentLedger).type.not.toBeCallableWith(store)
    expect(instrumentStore).type.not.toBeCallableWith(ledger)
  })
})
