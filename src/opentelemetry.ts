export type { LedgerTelemetryOptions, StoreTelemetryOptions } from './adapters/opentelemetry/options.ts'
export { instrumentLedger, instrumentStore } from './composition/instrumented.ts'
