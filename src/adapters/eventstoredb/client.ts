import type { EventStoreDBClient } from '@eventstore/db-client'
import type { Lifetime } from './lifetime.ts'

/** The calls of the client that this adapter makes; any `EventStoreDBClient` of 6.2.1 has them. */
export type Client = Pick<
  EventStoreDBClient,
  'appendToStream' | 'readStream' | 'readAll' | 'subscribeToAll' | 'dispose'
>

export type Credentials = { readonly username: string; readonly password: string }

/** What every call of one store works with. */
export type Context = {
  readonly client: Client
  /** Sent with every call; absent where the client's own are to be used. */
  readonly credentials?: Credentials
  /** The longest that one append or read takes, ms. */
  readonly deadlineMs: number
  readonly maxAppendBytes: number
  readonly lifetime: Lifetime
  /** Told of each call that was sent and not answered for so long. */
  readonly notAnswered: (forMs: number) => void
  /** Whether any call was answered yet. */
  readonly contact: { made: boolean }
}

/** Per-call options: the credentials where there are any. They also keep the client from BatchAppend. */
export const authentication = ({ credentials }: Pick<Context, 'credentials'>): { credentials?: Credentials } =>
  credentials === undefined ? {} : { credentials }
