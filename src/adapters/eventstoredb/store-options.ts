import type { StoreError } from '../../application/ports/event-store.ts'
import { invalidInput } from '../../domain/failure.ts'
import type { Client, Credentials } from './client/client.ts'
import { defaultSubscriptionSettings, type SubscriptionSettings } from './subscribe/subscription-settings.ts'

/** Where the server is. */
export type EventStoreDbConnection =
  | {
      /** `esdb://…`, `kurrentdb://…` or `kdb://…`, or with `+discover`; the store owns the client that it makes from it. */
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

type Fields = { readonly [name: string]: unknown }

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isPositive = (value: unknown): boolean => typeof value === 'number' && Number.isSafeInteger(value) && value > 0

/** The first of these that is there and is no whole number above 0. */
const wrongNumber = (path: string, fields: Fields, names: ReadonlyArray<string>): StoreError | undefined => {
  const wrong = names.find((name) => fields[name] !== undefined && !isPositive(fields[name]))
  return wrong === undefined
    ? undefined
    : invalidInput(`${wrong} must be a whole number above 0, at most 2^53 - 1`, `${path}.${wrong}`)
}

const settingsFault = (settings: unknown): StoreError | undefined => {
  const path = '$.subscriptions'
  if (settings === undefined) return undefined
  if (!isFields(settings)) return invalidInput('subscriptions must be an object', path)
  const unknown = Object.keys(settings).find((name) => !Object.hasOwn(defaultSubscriptionSettings, name))
  if (unknown !== undefined) return invalidInput('subscriptions holds a setting that there is not', path)
  return wrongNumber(path, settings, Object.keys(defaultSubscriptionSettings))
}

const connectionFault = ({ connectionString, client, credentials }: Fields): StoreError | undefined => {
  if (client === undefined) {
    return typeof connectionString === 'string'
      ? undefined
      : invalidInput('connectionString must be a text, where no client is given', '$.connectionString')
  }
  if (!isFields(client)) return invalidInput('client must be a client of @eventstore/db-client', '$.client')
  if (credentials === undefined) return undefined
  const isPair =
    isFields(credentials) && typeof credentials['username'] === 'string' && typeof credentials['password'] === 'string'
  return isPair ? undefined : invalidInput('credentials must hold a username and a password', '$.credentials')
}

/** What makes no sense in the options of a store, whoever gave them. */
export const optionsFault = (options: unknown): StoreError | undefined => {
  if (!isFields(options)) return invalidInput('$ must be the options of a store', '$')
  return (
    connectionFault(options) ??
    wrongNumber('$', options, ['deadlineMs', 'maxAppendBytes']) ??
    settingsFault(options['subscriptions'])
  )
}

/** What is left out, or is undefined, is as it is by default. */
export const settingsOf = (given: Partial<SubscriptionSettings> = {}): SubscriptionSettings => ({
  ...defaultSubscriptionSettings,
  ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
})
