import { EventStoreDBClient } from '@eventstore/db-client'
import * as E from 'fp-ts/Either'
import type { StoreError } from '../../../application/ports/event-store.ts'
import { invalidInput } from '../../../domain/failure.ts'
import type { Client } from './client.ts'
import { type ConnectionString, parseConnectionString, path } from './connection-string.ts'

/** A client that the store made, where its nodes are, and how to call through it. */
export type Connected = Omit<ConnectionString, 'anonymous'> & { readonly client: Client }

/** The client drops credentials without a word where there is no TLS; other warnings of its own quote the whole string. */
const warn = ({ credentials, options: { tls, ignored } }: Omit<ConnectionString, 'anonymous'>): void => {
  if (credentials !== undefined && !tls) {
    process.emitWarning(
      'the credentials of the connection string are not sent, since it says tls=false: whoever reaches the server may ' +
        'read and write',
      { code: 'KEYFOLD_CREDENTIALS_WITHOUT_TLS' }
    )
  }
  if (ignored.length > 0) {
    process.emitWarning(`options of the connection string without effect: ${ignored.slice(0, 10).join(', ')}`, {
      code: 'KEYFOLD_UNKNOWN_OPTION'
    })
  }
}

/** Of the client's messages only those may be passed on that quote nothing: it is not always plain what a password is. */
const whyRefused = (cause: unknown): string => {
  const { message, code } =
    cause instanceof Error ? { code: undefined, ...cause, message: cause.message } : { message: '', code: undefined }
  if (message.startsWith('Failed to load certificate') || message.startsWith('userCertFile must')) return message
  return typeof code === 'string' ? `a file that it names cannot be used (${code})` : 'a value in it cannot be read'
}

/** Makes a client from a connection string. Nothing is sent yet. */
export const connect = (connectionString: string): E.Either<StoreError, Connected> => {
  const parsed = parseConnectionString(connectionString)
  if (E.isLeft(parsed)) return parsed
  const { anonymous, ...rest } = parsed.right
  try {
    const client = EventStoreDBClient.connectionString(anonymous)
    warn(rest)
    return E.right({ client, ...rest })
  } catch (cause) {
    return E.left(invalidInput(`the connection string is refused: ${whyRefused(cause)}`, path))
  }
}
