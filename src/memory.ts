import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'
import { type MemoryStoreOptions, memoryOptionsFault, memoryStore } from './adapters/memory/event-store.ts'
import type { OpenedStore, StoreError } from './application/ports/event-store.ts'
import { orThrow } from './composition/promises.ts'

export type { MemoryLog, MemoryStoreOptions } from './adapters/memory/event-store.ts'
export { memoryLog } from './adapters/memory/log.ts'

/**
 * Opens a store in this process's memory, for tests: nothing survives the process. Fails with `InvalidInput` where an option
 * makes no sense.
 */
export const openMemoryStoreTaskEither = (options: MemoryStoreOptions = {}): TE.TaskEither<StoreError, OpenedStore> =>
  TE.fromIOEither(() => {
    const fault = memoryOptionsFault(options)
    return fault === undefined ? E.right(memoryStore(options)) : E.left(fault)
  })

/** Opens a store in this process's memory, for tests; throws `KeyfoldError` where an option makes no sense. */
export const openMemoryStore = (options: MemoryStoreOptions = {}): Promise<OpenedStore> =>
  orThrow(openMemoryStoreTaskEither(options))
