import { type Attributes, type Meter, type MeterProvider, metrics } from '@opentelemetry/api'
import { type Instrument, scope } from './names.ts'
import { quietly } from './quietly.ts'

/** Records a value; never throws. */
export type Measure = (value: number, attributes: Attributes) => void

const made = (meter: Meter, { kind, name, unit, description, boundaries }: Instrument): Measure => {
  switch (kind) {
    case 'counter': {
      const counter = meter.createCounter(name, { unit, description })
      return (value, attributes) => counter.add(value, attributes)
    }
    case 'upDownCounter': {
      const counter = meter.createUpDownCounter(name, { unit, description })
      return (value, attributes) => counter.add(value, attributes)
    }
    case 'histogram': {
      const advice = boundaries && { explicitBucketBoundaries: boundaries }
      const histogram = meter.createHistogram(name, { unit, description, ...(advice && { advice }) })
      return (value, attributes) => histogram.record(value, attributes)
    }
  }
}

/** An instrument of whichever provider there is when it is used: an SDK that is started later than the ledger is found. */
const measureOf = (instrument: Instrument, given: MeterProvider | undefined): Measure => {
  let current: { readonly provider: MeterProvider; readonly measure: Measure } | undefined
  return (value, attributes) => {
    quietly(() => {
      const provider = given ?? metrics.getMeterProvider()
      if (current?.provider !== provider) {
        current = { provider, measure: made(provider.getMeter(scope), instrument) }
      }
      current.measure(value, attributes)
    })
  }
}

export type Measures<T> = { readonly [name in keyof T]: Measure }

/** A table of instruments as functions that record. */
export const measuresOf = <T extends { readonly [name: string]: Instrument }>(
  instruments: T,
  given: MeterProvider | undefined
): Measures<T> =>
  Object.fromEntries(
    Object.entries(instruments).map(([name, instrument]) => [name, measureOf(instrument, given)])
  ) as Measures<T>
