export type { Plain } from '../domain/plain.ts'
export { eventStoreContract } from './event-store-contract/event-store-contract.ts'
export type { Capabilities, Harness, Runner } from './event-store-contract/harness.ts'
export { type Given, given, type Then } from './given-when-then.ts'
