import type { EventStoreDBClient } from '@eventstore/db-client'
import type { StoreError } from '../../../application/ports/event-store.ts'
import { failure } from '../../../domain/failure.ts'
import type { CallOptions } from './client-internals.ts'
import type { Lifetime } from './lifetime.ts'
import type { Wire } from './wire.ts'

/** A client of the package's. Calls go over its channels, and not through its methods (ADR 10). */
export type Client = Pick<EventStoreDBClient, 'readStream' | 'readAll' | 'subscribeToAll' | 'dispose'>

/** A user of the server. */
export type Credentials = NonNullable<CallOptions['credentials']>

/** What every call of one store works with. */
export type Context = {
  readonly wire: Wire
  /** Sent with every call; absent where the client's own are to be used. */
  readonly credentials?: Credentials
  /** The longest that one append or read takes, ms. */
  readonly deadlineMs: number
  readonly maxAppendBytes: number
  readonly lifetime: Lifetime
}

/** Per-call options: the credentials where there are any. */
export const authentication = ({ credentials }: Pick<Context, 'credentials'>): { credentials?: Credentials } =>
  credentials === undefined ? {} : { credentials }

export const noTimeLeft: StoreError = failure('StoreTimeout', 'no time was left for the call; nothing was sent')

/** A context whose calls take no longer than this, where that is less than their own time. */
export const withTime = (context: Context, ms: number | undefined): Context =>
  ms === undefined || ms >= context.deadlineMs ? context : { ...context, deadlineMs: ms }
