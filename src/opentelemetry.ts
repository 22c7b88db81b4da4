export type {
  LedgerTelemetryOptions,
  ProjectionsTelemetryOptions,
  StoreTelemetryOptions
} from './adapters/opentelemetry/options.ts'
export {
  instrumentLedger,
  instrumentStore,
  type ObservedProjections,
  observeProjections
} from './composition/instrumented.ts'
