import { openEventStoreDbStoreTaskEither } from './adapters/eventstoredb/event-store.ts'
import type { EventStoreDbStoreOptions } from './adapters/eventstoredb/store-options.ts'
import type { OpenedStore } from './application/ports/event-store.ts'
import { orThrow } from './composition/promises.ts'

export type {
  Client as EventStoreDbClient,
  Credentials as EventStoreDbCredentials
} from './adapters/eventstoredb/client/client.ts'
export { openEventStoreDbStoreTaskEither } from './adapters/eventstoredb/event-store.ts'
export type { EventStoreDbConnection, EventStoreDbStoreOptions } from './adapters/eventstoredb/store-options.ts'
export type { SubscriptionSettings } from './adapters/eventstoredb/subscribe/subscription-settings.ts'

/**
 * Opens a store on EventStoreDB or KurrentDB; throws `KeyfoldError` with `InvalidInput` where the connection string or
 * an option makes no sense. Nothing is sent yet: a server that cannot be reached is told by the first call.
 */
export const openEventStoreDbStore = (options: EventStoreDbStoreOptions): Promise<OpenedStore> =>
  orThrow(openEventStoreDbStoreTaskEither(options))
