import type { EventStoreDBClient } from '@eventstore/db-client'
import type { Lifetime } from './lifetime.ts'
import type { Call, CallOptions } from './machinery.ts'

/** What this adapter does through the client's own methods. Appends go over its channel (ADR 6). */
export type Client = Pick<EventStoreDBClient, 'readStream' | 'readAll' | 'subscribeToAll' | 'dispose'>

export type Credentials = NonNullable<CallOptions['credentials']>

/** What every call of one store works with. */
export type Context = {
  readonly client: Client
  readonly call: Call
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

/** Per-call options: the credentials where there are any. */
export const authentication = ({ credentials }: Pick<Context, 'credentials'>): { credentials?: Credentials } =>
  credentials === undefined ? {} : { credentials }
