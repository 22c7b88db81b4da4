import * as TE from 'fp-ts/TaskEither'
import { memoryViews } from './adapters/memory/view-store.ts'
import type { SqliteViewsOptions } from './adapters/sqlite/views/options.ts'
import { openSqliteViewsTaskEither } from './adapters/sqlite/views/view-store.ts'
import type { StoreError } from './application/ports/event-store.ts'
import type { OpenedViewStore } from './application/ports/view-store.ts'
import { orThrow } from './composition/promises.ts'

export type { SqliteViewsOptions } from './adapters/sqlite/views/options.ts'
export { openSqliteViewsTaskEither } from './adapters/sqlite/views/view-store.ts'
export type * from './application/ports/view-store.ts'
export type { Health, PartitionHealth } from './application/projections/health.ts'
export type { RebuildInput, RunInput, WaitInput } from './application/projections/inputs.ts'
export type { Item } from './application/projections/item.ts'
export type { Lag } from './application/projections/lag.ts'
export type { Intervened, Intervention } from './application/projections/parking.ts'
export { partitionOf } from './application/projections/partition.ts'
export type { Projection } from './application/projections/projection.ts'
export type { TaskProjections, TaskRunner } from './application/projections/projections.ts'
export type { PageOptions, TaskView, ViewPage } from './application/projections/reading.ts'
export type { RebuildProgress, Rebuilt } from './application/projections/rebuild.ts'
export type { Told } from './application/projections/row-reader.ts'
export type { KeyConflicts } from './application/projections/shipped/conflicts.ts'
export type { DueKey, RecordIds } from './application/projections/shipped/due-keys.ts'
export type { HourOfEvents, RatesFilter } from './application/projections/shipped/event-rates.ts'
export type { IndexedKey, KeyFilter, KeyPage } from './application/projections/shipped/key-page.ts'
export type { KeyTimes } from './application/projections/shipped/key-times.ts'
export type { LateByOperation, LateKey } from './application/projections/shipped/late-duplicates.ts'
export type { Share, Sink, SinkBatch } from './application/projections/sink.ts'
export type { PoisonRule } from './application/projections/take-batch.ts'
export type { Verified, VerifyOptions, ViewDifference } from './application/projections/verify.ts'
export type { ViewMoment, WalkOptions } from './application/projections/walk.ts'
export {
  createProjections,
  type Projections,
  type ProjectionsOptions,
  type QueryTime,
  type Runner,
  type View
} from './composition/projections.ts'
export {
  type DueKeysQueries,
  dueKeys,
  type EventRatesQueries,
  eventRates,
  type KeyConflictsQueries,
  type KeyIndexQueries,
  type KeyTimesQueries,
  keyConflicts,
  keyIndex,
  keyTimes,
  type LateDuplicatesQueries,
  lateDuplicates,
  type ReadModel,
  type StuckKeysQueries,
  stuckKeys
} from './composition/read-models.ts'

/** Opens views in a SQLite file of their own; throws `KeyfoldError` where it cannot be opened. */
export const openSqliteViews = (options: SqliteViewsOptions): Promise<OpenedViewStore> =>
  orThrow(openSqliteViewsTaskEither(options))

/** Opens views in this process's memory, for tests: nothing survives the process. */
export const openMemoryViewsTaskEither = (): TE.TaskEither<StoreError, OpenedViewStore> =>
  TE.fromIO(() => memoryViews())

/** Opens views in this process's memory, for tests: nothing survives the process. */
export const openMemoryViews = (): Promise<OpenedViewStore> => orThrow(openMemoryViewsTaskEither())
