import type { StoreError } from '../../application/ports/event-store.ts'
import { optionsOf, type Rules } from '../../domain/parsing/having.ts'
import { both, faultOf, keeping, optional } from '../../domain/parsing/parsed.ts'
import { isMembers, type Members } from '../../domain/parsing/values.ts'
import { noInline } from '../common/no-inline.ts'
import type { Client, Credentials } from './client/client.ts'
import { defaultSubscriptionSettings, type SubscriptionSettings } from './subscribe/subscription-settings.ts'

/** Where the server is. */
export type EventStoreDbConnection =
  | {
      /** `esdb://…`, `kurrentdb://…` or `kdb://…`, or with `+discover`; the store owns the client that it makes from it. */
      readonly connectionString: string
      /** Left out: the store makes its own. */
      readonly client?: undefined
      /** Left out: they are part of the connection string. */
      readonly credentials?: undefined
    }
  | {
      /** A client of one's own, of the copy of the package that keyfold itself loads; the store leaves it open. */
      readonly client: Client
      /** Sent with every call in place of the client's own. */
      readonly credentials?: Credentials
      /** Left out: the client was made from one. */
      readonly connectionString?: undefined
    }

/** Where the server is, and how it is called. */
export type EventStoreDbStoreOptions = EventStoreDbConnection & {
  /** The longest that one append or read takes, ms. The connection string's `defaultDeadline`, else 4,000. */
  readonly deadlineMs?: number
  /** The most bytes that one append may hold, as the server is configured. 1 MiB, the default before 25.1. */
  readonly maxAppendBytes?: number
  /** How subscriptions are kept up; the default for each setting that is left out. */
  readonly subscriptions?: Partial<SubscriptionSettings>
}

const isRecord = (value: unknown): value is Members => isMembers(value) && !Array.isArray(value)

const isPositive = (value: unknown): boolean => typeof value === 'number' && Number.isSafeInteger(value) && value > 0

const isPair = (value: unknown): boolean =>
  isRecord(value) && typeof value['username'] === 'string' && typeof value['password'] === 'string'

const settingNames = Object.keys(defaultSubscriptionSettings)

const positive = optional(keeping(isPositive, 'must be a whole number above 0, at most 2^53 - 1'))

const isText = (value: unknown): boolean => typeof value === 'string'

const leftOut = (where: string) => keeping((value) => value === undefined, `must be left out ${where}`)

const byString: Rules = {
  connectionString: keeping(isText, 'must be a text, where no client is given'),
  client: leftOut('beside a connection string'),
  credentials: leftOut('beside a connection string, which holds them')
}

const byClient: Rules = {
  connectionString: leftOut('beside a client, which knows its server'),
  client: keeping(isRecord, 'must be a client of @eventstore/db-client'),
  credentials: optional(keeping(isPair, 'must hold a username and a password'))
}

const settings = both(
  keeping(isRecord, 'must be an object'),
  optionsOf(Object.fromEntries(settingNames.map((name) => [name, positive])), 'name')
)

const others: Rules = {
  deadlineMs: positive,
  maxAppendBytes: positive,
  subscriptions: optional(settings),
  inline: noInline
}

/** What makes no sense in the options of a store, whoever gave them. */
export const optionsFault = (options: unknown): StoreError | undefined => {
  const isByClient = isRecord(options) && options['client'] !== undefined
  const rules = optionsOf({ ...(isByClient ? byClient : byString), ...others }, 'name')
  return faultOf(both(keeping(isRecord, 'must be the options of a store'), rules)('$', options))
}

/** What is left out, or is undefined, is as it is by default. */
export const settingsOf = (given: Partial<SubscriptionSettings> = {}): SubscriptionSettings => ({
  ...defaultSubscriptionSettings,
  ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
})
