import type { Attributes, BatchObservableResult, Meter, Observable } from '@opentelemetry/api'
import type { Gauge } from './names.ts'
import { quietly } from './quietly.ts'

type Table = { readonly [name: string]: Gauge }

/** The instruments of a table. */
export type Gauges<T extends Table> = { readonly [name in keyof T]: Observable }

export const gaugesOf = <T extends Table>(meter: Meter, table: T): Gauges<T> =>
  Object.fromEntries(
    Object.entries(table).map(([key, { name, ...about }]) => [key, meter.createObservableGauge(name, about)])
  ) as Gauges<T>

/** Tells the values that there are. One that the SDK does not take costs none of the others. */
export const observe = <T extends Table>(
  result: BatchObservableResult,
  gauges: Gauges<T>,
  values: { readonly [name in keyof T]: number | undefined },
  attributes: Attributes
): void => {
  for (const name in gauges) {
    const value = values[name]
    if (value !== undefined) quietly(() => result.observe(gauges[name], value, attributes))
  }
}
