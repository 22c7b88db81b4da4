import { EventStoreDBClient } from '@eventstore/db-client'
import * as E from 'fp-ts/Either'
import type { StoreError } from '../../application/ports/event-store.ts'
import { invalidInput } from '../../domain/failure.ts'
import type { Client, Credentials } from './client.ts'
import { parseConnectionString } from './connection-string.ts'

/** A client, and how to call through it. */
export type Connection = {
  readonly client: Client
  readonly credentials?: Credentials
  readonly defaultDeadlineMs?: number
}

/** Never sent: an insecure client drops credentials. They are what makes it take the unary append. */
const unsent: Credentials = { username: 'insecure', password: 'insecure' }

/** Makes a client from a connection string. Nothing is sent yet. */
export const connect = (connectionString: string): E.Either<StoreError, Connection> => {
  const parsed = parseConnectionString(connectionString)
  if (E.isLeft(parsed)) return parsed
  const { anonymous, insecure, credentials = insecure ? unsent : undefined, defaultDeadlineMs } = parsed.right
  try {
    return E.right({
      client: EventStoreDBClient.connectionString(anonymous),
      ...(credentials && { credentials }),
      ...(defaultDeadlineMs !== undefined && { defaultDeadlineMs })
    })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'it cannot be read'
    return E.left(invalidInput(`the connection string is refused: ${why}`, '$.connectionString'))
  }
}
