import { context, type MeterProvider as Meters, metrics, type TracerProvider, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader
} from '@opentelemetry/sdk-metrics'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor
} from '@opentelemetry/sdk-trace-base'
import { onTestFinished } from 'vitest'

/** One value of an instrument: of a histogram its count, and its sum beside it. */
export type Point = {
  readonly attributes: MetricData['dataPoints'][number]['attributes']
  readonly value: number
  readonly sum?: number | undefined
  readonly boundaries?: ReadonlyArray<number>
}

export type SeenMetric = {
  readonly kind: 'histogram' | 'counter' | 'up-down counter' | 'gauge'
  readonly unit: string
  readonly description: string
  readonly points: ReadonlyArray<Point>
}

/** OpenTelemetry's own SDK, which exports to memory. It goes with the test. */
export type Seen = {
  readonly providers: { readonly tracerProvider: TracerProvider; readonly meterProvider: Meters }
  /** The spans that ended, in that order. */
  readonly spans: () => ReadonlyArray<ReadableSpan>
  readonly spansOf: (name: string) => ReadonlyArray<ReadableSpan>
  /** All that was measured, by name. */
  readonly metrics: () => Promise<ReadonlyMap<string, SeenMetric>>
  /** The points of one metric, an empty list where it was not measured. */
  readonly pointsOf: (name: string) => Promise<ReadonlyArray<Point>>
}

const pointsIn = (data: MetricData): ReadonlyArray<Point> =>
  data.dataPoints.map(({ attributes, value }) =>
    typeof value === 'number'
      ? { attributes, value }
      : 'buckets' in value && 'boundaries' in value.buckets
        ? { attributes, value: value.count, sum: value.sum, boundaries: value.buckets.boundaries }
        : { attributes, value: value.count, sum: value.sum }
  )

const kindOf = (data: MetricData): SeenMetric['kind'] => {
  if (data.dataPointType === DataPointType.HISTOGRAM) return 'histogram'
  if (data.dataPointType === DataPointType.GAUGE) return 'gauge'
  return data.dataPointType === DataPointType.SUM && data.isMonotonic ? 'counter' : 'up-down counter'
}

/** Lets what is active in one place be active in what it calls, as an application's SDK does. */
const activate = (): void => {
  const manager = new AsyncLocalStorageContextManager().enable()
  context.setGlobalContextManager(manager)
  onTestFinished(() => {
    context.disable()
    manager.disable()
  })
}

export const seenTelemetry = (): Seen => {
  activate()
  const spans = new InMemorySpanExporter()
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] })
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  // exports when it is asked to
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 31 - 1 })
  const meterProvider = new MeterProvider({ readers: [reader] })
  onTestFinished(async () => {
    await tracerProvider.shutdown()
    await meterProvider.shutdown()
  })
  const seen: Seen['metrics'] = async () => {
    exporter.reset()
    await meterProvider.forceFlush()
    const [exported] = exporter.getMetrics()
    const all = exported?.scopeMetrics.flatMap((scope) => scope.metrics) ?? []
    return new Map(
      all.map((data) => {
        const { name, unit, description } = data.descriptor
        return [name, { kind: kindOf(data), unit, description, points: pointsIn(data) }] as const
      })
    )
  }
  return {
    providers: { tracerProvider, meterProvider },
    spans: () => spans.getFinishedSpans(),
    spansOf: (name) => spans.getFinishedSpans().filter((span) => span.name === name),
    metrics: seen,
    pointsOf: async (name) => (await seen()).get(name)?.points ?? []
  }
}

/** The same, as what everybody in this process uses where nothing else is given. */
export const seenGlobally = (): Seen => {
  const seen = seenTelemetry()
  trace.setGlobalTracerProvider(seen.providers.tracerProvider)
  metrics.setGlobalMeterProvider(seen.providers.meterProvider)
  onTestFinished(() => {
    trace.disable()
    metrics.disable()
  })
  return seen
}
