export { eventStoreContract, type Harness, type Runner } from './event-store-contract.ts'
