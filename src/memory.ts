export { type MemoryLog, type MemoryStoreOptions, memoryStore } from './adapters/memory/event-store.ts'
export { memoryLog } from './adapters/memory/log.ts'
