import type { MeterProvider, TracerProvider } from '@opentelemetry/api'
import type { Failure } from '../../domain/failure.ts'
import { optionsOf } from '../../domain/parsing/having.ts'
import { both, faultOf, keeping, optional, type Parser } from '../../domain/parsing/parsed.ts'
import { bool, isFunction, isMembers } from '../../domain/parsing/values.ts'

type Providers = {
  /** Makes spans. The global one of `@opentelemetry/api` where it is left out. */
  readonly tracerProvider?: TracerProvider | undefined
  /** Makes metrics. The global one of `@opentelemetry/api` where it is left out. */
  readonly meterProvider?: MeterProvider | undefined
}

/** What an instrumented ledger tells, and whom. */
export type LedgerTelemetryOptions = Providers & {
  /**
   * Whether a request without `correlationId` and `causationId` is given the trace id and the span id that are active where
   * it is made. They are stored in the events' metadata. `true` where it is left out.
   */
  readonly correlate?: boolean | undefined
  /** So many operations are told apart, from 0 to 10,000; all others are `_OTHER`. 64 where it is left out. */
  readonly maxOperations?: number | undefined
}

/** What an instrumented store tells, and whom. */
export type StoreTelemetryOptions = Providers & {
  /** What the store is called: `sqlite`, `eventstoredb`, … 64 characters at most. `_OTHER` where it is left out. */
  readonly kind?: string | undefined
}

/** Which views are told of, and whom. */
export type ProjectionsTelemetryOptions = Pick<Providers, 'meterProvider'> & {
  /** The names of the projections, 1 to 64: each has its own series. One without a view is told of once it has one. */
  readonly names: ReadonlyArray<string>
  /** What is not known after so long is left out of a collection, ms. 5,000 where it is left out; 1 to 60,000. */
  readonly withinMs?: number | undefined
}

const maker = (name: string): Parser<unknown> =>
  optional(keeping((value) => isMembers(value) && isFunction(value[name]), `must have the function ${name}`))

const providers = { tracerProvider: maker('getTracer'), meterProvider: maker('getMeter') }

const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 10_000

const isName = (value: unknown): boolean => typeof value === 'string' && value !== '' && value.length <= 64

const areNames = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.length <= 64 && value.every(isName)

const isWait = (value: unknown): boolean => Number.isInteger(value) && Number(value) > 0 && Number(value) <= 60_000

const parserOf = (rules: Parameters<typeof optionsOf>[0]): Parser<unknown> =>
  both(keeping(isMembers, 'must be the options of telemetry'), optionsOf(rules))

const ledgerOptions = parserOf({
  ...providers,
  correlate: optional(bool),
  maxOperations: optional(keeping(isCount, 'must be a whole number from 0 to 10,000'))
})

const storeOptions = parserOf({
  ...providers,
  kind: optional(keeping(isName, 'must be a text of 1 to 64 characters'))
})

const projectionsOptions = parserOf({
  meterProvider: providers.meterProvider,
  names: keeping(areNames, 'must be a list of 1 to 64 names of projections'),
  withinMs: optional(keeping(isWait, 'must be a whole number from 1 to 60,000'))
})

/** What makes no sense in the options of a ledger's telemetry, whoever gave them. */
export const ledgerOptionsFault = (given: unknown): Failure | undefined => faultOf(ledgerOptions('$', given))

/** What makes no sense in the options of a store's telemetry, whoever gave them. */
export const storeOptionsFault = (given: unknown): Failure | undefined => faultOf(storeOptions('$', given))

/** What makes no sense in the options of projections' telemetry, whoever gave them. */
export const projectionsOptionsFault = (given: unknown): Failure | undefined => faultOf(projectionsOptions('$', given))
