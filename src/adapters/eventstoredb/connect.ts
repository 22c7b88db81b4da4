import { EventStoreDBClient } from '@eventstore/db-client'
import * as E from 'fp-ts/Either'
import type { StoreError } from '../../application/ports/event-store.ts'
import { invalidInput } from '../../domain/failure.ts'
import type { Client, Credentials } from './client.ts'
import { type ConnectionString, parseConnectionString } from './connection-string.ts'

/** A client, and how to call through it. */
export type Connection = {
  readonly client: Client
  readonly credentials?: Credentials
  readonly defaultDeadlineMs?: number
}

/** The client's own. */
const defaultKeepAliveTimeoutMs = 10_000

/** How many clients were made in this process. */
let made = 0

/**
 * Channels of the same settings share one connection, in the whole process: a new one would get the half-open
 * connection that it was to replace, for as long as another client has a channel on it. So every client has a setting
 * of its own, by a hair.
 */
const ofItsOwn = ({ anonymous, keepAliveTimeoutMs = defaultKeepAliveTimeoutMs }: ConnectionString): string =>
  keepAliveTimeoutMs > 0
    ? `${anonymous}${anonymous.includes('?') ? '&' : '?'}keepAliveTimeout=${keepAliveTimeoutMs + (made++ % 1000)}`
    : anonymous

/** Makes a client from a connection string. Nothing is sent yet. */
export const connect = (connectionString: string): E.Either<StoreError, Connection> => {
  const parsed = parseConnectionString(connectionString)
  if (E.isLeft(parsed)) return parsed
  const { credentials, defaultDeadlineMs } = parsed.right
  try {
    return E.right({
      client: EventStoreDBClient.connectionString(ofItsOwn(parsed.right)),
      ...(credentials && { credentials }),
      ...(defaultDeadlineMs !== undefined && { defaultDeadlineMs })
    })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'it cannot be read'
    return E.left(invalidInput(`the connection string is refused: ${why}`, '$.connectionString'))
  }
}
