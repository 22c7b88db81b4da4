import * as E from 'fp-ts/Either'
import * as TE from 'fp-ts/TaskEither'
import type { EventStore, StoreError } from '../../application/ports/event-store.ts'
import { invalidInput } from '../../domain/failure.ts'
import { appendToStream } from './append.ts'
import type { Client, Context, Credentials } from './client.ts'
import { type Connection, connect } from './connect.ts'
import { disposal } from './dispose.ts'
import { lifetime } from './lifetime.ts'
import { hasMachinery } from './machinery.ts'
import { readAll } from './read-all.ts'
import { readStream } from './read-stream.ts'
import { shield } from './shield.ts'
import { subscribe } from './subscribe.ts'
import { defaultSubscriptionSettings, type SubscriptionSettings } from './subscription-settings.ts'

/** Where the server is. */
export type EventStoreDbConnection =
  | {
      /** `esdb://…` or `esdb+discover://…`; the store owns the client that it makes from it. */
      readonly connectionString: string
    }
  | {
      /** A client of one's own, of the copy of the package that keyfold itself loads; the store leaves it open. */
      readonly client: Client
      /** Sent with every call in place of the client's own. */
      readonly credentials?: Credentials
    }

export type EventStoreDbStoreOptions = EventStoreDbConnection & {
  /** The longest that one append or read takes, ms. The connection string's `defaultDeadline`, else 4,000. */
  readonly deadlineMs?: number
  /** The most bytes that one append may hold, as the server is configured. 1 MiB, the default before 25.1. */
  readonly maxAppendBytes?: number
  readonly subscriptions?: Partial<SubscriptionSettings>
}

/** Short enough that a ledger with its ten seconds can try an append again whose answer never came. */
const defaultDeadlineMs = 4000

const mebibyte = 1024 * 1024

const isPositive = (value: number): boolean => Number.isSafeInteger(value) && value > 0

const fault = (options: EventStoreDbStoreOptions): StoreError | undefined => {
  const { deadlineMs = 1, maxAppendBytes = 1, subscriptions = {} } = options
  for (const [name, value] of Object.entries({ deadlineMs, maxAppendBytes, ...subscriptions })) {
    if (!isPositive(value)) return invalidInput(`${name} must be a whole number above 0`, `$.${name}`)
  }
  return undefined
}

/** Not only one of another version: a second copy of the same one makes messages that the first refuses. */
const anotherBuild = invalidInput(
  'the client is not of the @eventstore/db-client 6.2.1 that keyfold itself loads',
  '$.client'
)

const connected = (options: EventStoreDbStoreOptions): E.Either<StoreError, Connection> =>
  'client' in options ? E.right(options) : connect(options.connectionString)

/**
 * Opens a store on EventStoreDB or KurrentDB. Nothing is sent before the first call: a server that cannot be reached is
 * told by that call. Fails with `InvalidInput` where the connection string or an option makes no sense.
 */
export const eventStoreDbStore = (options: EventStoreDbStoreOptions): TE.TaskEither<StoreError, EventStore> =>
  TE.fromIOEither(() => {
    const wrong = fault(options)
    if (wrong) return E.left(wrong)
    return E.flatMap(({ client, credentials, defaultDeadlineMs: configured }: Connection) => {
      if (!hasMachinery(client)) return E.left(anotherBuild)
      const { client: shielded, call, notAnswered, closeChannels } = shield(client)
      const life = lifetime()
      const context: Context = {
        client: shielded,
        call,
        deadlineMs: options.deadlineMs ?? configured ?? defaultDeadlineMs,
        maxAppendBytes: options.maxAppendBytes ?? mebibyte,
        lifetime: life,
        notAnswered,
        contact: { made: false },
        ...(credentials && { credentials })
      }
      return E.right({
        append: appendToStream(context),
        readStream: readStream(context),
        readAll: readAll(context),
        subscribe: subscribe(context, { ...defaultSubscriptionSettings, ...options.subscriptions }),
        maxAppendBytes: context.maxAppendBytes,
        continuesAfterDelete: true,
        dispose: disposal(life, 'client' in options ? undefined : { client, closeChannels })
      })
    })(connected(options))
  })
