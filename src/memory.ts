import {
  type MemoryStoreOptions,
  memoryOptionsFault,
  memoryStore as storeInMemory
} from './adapters/memory/event-store.ts'
import type { EventStore } from './application/ports/event-store.ts'
import { KeyfoldError } from './composition/promises.ts'

export type { MemoryLog, MemoryStoreOptions } from './adapters/memory/event-store.ts'
export { memoryLog } from './adapters/memory/log.ts'

/**
 * A store in this process's memory, for tests: nothing survives the process. Options that make no sense are thrown at
 * once, as `KeyfoldError` with the tag `InvalidInput`.
 */
export const memoryStore = (options: MemoryStoreOptions = {}): EventStore => {
  const fault = memoryOptionsFault(options)
  if (fault !== undefined) throw new KeyfoldError(fault)
  return storeInMemory(options)
}
