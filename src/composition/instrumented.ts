import {
  type LedgerTelemetryOptions,
  ledgerOptionsFault,
  type ProjectionsTelemetryOptions,
  projectionsOptionsFault,
  type StoreTelemetryOptions,
  storeOptionsFault
} from '../adapters/opentelemetry/options.ts'
import { observedViews } from '../adapters/opentelemetry/projections.ts'
import { instrumentedStore } from '../adapters/opentelemetry/store.ts'
import { instrumentedUseCases } from '../adapters/opentelemetry/use-cases.ts'
import { shareKnownRevisions } from '../application/engine/watch/known-revisions.ts'
import { type AsyncDisposing, asyncDisposable } from '../application/ports/async-disposable.ts'
import type { EventStore, OpenedStore } from '../application/ports/event-store.ts'
import { invalidInput } from '../domain/failure.ts'
import { isFunction, isMembers } from '../domain/parsing/values.ts'
import type { Ledger } from './ledger.ts'
import { storeFault } from './options-fault.ts'
import type { Projections } from './projections.ts'
import { KeyfoldError, promised } from './promises.ts'

const isLedger = (value: unknown): boolean =>
  isMembers(value) && isMembers(value['taskEither']) && isFunction(value['taskEither']['dispose'])

/**
 * The same ledger, with a span and metrics around each use case on both of its faces. Names and units are in
 * docs/reference/telemetry.md. Answers and failures are what they are without it, also where telemetry throws. To dispose
 * of it is to dispose of the ledger. What is no ledger, or an option that makes no sense, is thrown at once, as
 * `KeyfoldError` with the tag `InvalidInput`.
 */
export const instrumentLedger = (ledger: Ledger, options: LedgerTelemetryOptions = {}): Ledger => {
  const fault = isLedger(ledger) ? ledgerOptionsFault(options) : invalidInput('this is no ledger')
  if (fault !== undefined) throw new KeyfoldError(fault)
  // a subscription is no use case that ends: its store's telemetry tells of it; a check asks nobody
  const { subscribe, checkOutcome, ...useCases } = ledger.taskEither
  const instrumented = instrumentedUseCases(useCases, options)
  return { ...ledger, ...promised(instrumented), taskEither: { ...instrumented, subscribe, checkOutcome } }
}

/**
 * The same store, with a span and metrics around each call: to be handed to `createLedger` in its place. It has the optional
 * members that the store has, and to dispose of it is to dispose of the store. What is no store, or an option that makes
 * no sense, is thrown at once, as `KeyfoldError` with the tag `InvalidInput`.
 */
export const instrumentStore = (store: EventStore, options: StoreTelemetryOptions = {}): OpenedStore => {
  const fault = storeFault(store) ?? storeOptionsFault(options)
  if (fault !== undefined) throw new KeyfoldError(fault)
  const view = instrumentedStore(store, options)
  // it reads as the store does: ledgers on either know what those on the other have seen
  shareKnownRevisions(view, store)
  return view
}

const haveHealth = (value: unknown): boolean =>
  isMembers(value) && isMembers(value['taskEither']) && isFunction(value['taskEither']['health'])

/** The health of views that is told as metrics. */
export type ObservedProjections = AsyncDisposing & {
  /** Ends it. Projections, stores and the SDK stay as they are. */
  readonly dispose: () => Promise<void>
}

/**
 * Tells the health of views as metrics: how far they are, what they have not taken in yet (events, and seconds), their
 * rate, and what waits. It is looked at whenever the SDK collects, which has to be there by now; names and units are in
 * docs/reference/telemetry.md. What fails or takes too long is counted and left out, and never fails the SDK. What are no
 * projections, or an option that makes no sense, is thrown at once, as `KeyfoldError` with the tag `InvalidInput`.
 */
export const observeProjections = (
  projections: Projections,
  options: ProjectionsTelemetryOptions
): ObservedProjections => {
  const fault = haveHealth(projections) ? projectionsOptionsFault(options) : invalidInput('these are no projections')
  if (fault !== undefined) throw new KeyfoldError(fault)
  const dispose = observedViews(projections.taskEither.health, options)
  return asyncDisposable({ dispose }, (it) => it.dispose())
}
