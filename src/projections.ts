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
export type { Item } from './application/projections/item.ts'
export type { Intervened, Intervention } from './application/projections/parking.ts'
export { partitionOf } from './application/projections/partition.ts'
export type { Projection } from './application/projections/projection.ts'
export type {
  RebuildInput,
  RunInput,
  TaskProjections,
  TaskRunner,
  WaitInput
} from './application/projections/projections.ts'
export type { TaskView, ViewPage } from './application/projections/reading.ts'
export type { RebuildProgress, Rebuilt } from './application/projections/rebuild.ts'
export type { Share, Sink, SinkBatch } from './application/projections/sink.ts'
export type { PoisonRule } from './application/projections/take-batch.ts'
export type { Verified, VerifyOptions, ViewDifference } from './application/projections/verify.ts'
export {
  createProjections,
  type Projections,
  type ProjectionsOptions,
  type Runner,
  type View
} from './composition/projections.ts'

/** Opens views in a SQLite file of their own; throws `KeyfoldError` where it cannot be opened. */
export const openSqliteViews = (options: SqliteViewsOptions): Promise<OpenedViewStore> =>
  orThrow(openSqliteViewsTaskEither(options))

/** Opens views in this process's memory, for tests: nothing survives the process. */
export const openMemoryViewsTaskEither = (): TE.TaskEither<StoreError, OpenedViewStore> =>
  TE.fromIO(() => memoryViews())

/** Opens views in this process's memory, for tests: nothing survives the process. */
export const openMemoryViews = (): Promise<OpenedViewStore> => orThrow(openMemoryViewsTaskEither())
