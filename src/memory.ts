export { type MemoryStoreOptions, memoryStore } from './adapters/memory/event-store.ts'
