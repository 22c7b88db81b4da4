import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { StoreError } from '../../../application/ports/event-store.ts'
import { invalidInput } from '../../../domain/failure.ts'
import type { Address } from './address.ts'
import type { Credentials } from './client.ts'
import { type ConnectionOptions, connectionOptions } from './connection-options.ts'

/** A connection string taken apart. `anonymous` is the string without its credentials: only that may be shown. */
export type ConnectionString = {
  readonly anonymous: string
  readonly hosts: ReadonlyArray<Address>
  /** Whether the hosts are asked who leads, and not simply called. */
  readonly isCluster: boolean
  readonly credentials?: Credentials
  readonly options: ConnectionOptions
}

export const path = '$.connectionString'

/** The schemes of EventStoreDB and of its successor's clients: the protocol is one. */
const form = /^(?:esdb|kurrentdb|kurrent|kdb)(\+discover)?:\/\/([^?]*)(.*)$/is

/** `host`, `host:port`, and so on with commas: anything else may be part of a password that was not URL-encoded. */
const hostList = /^[^\s:@/?,]+(?::\d{1,5})?(?:,[^\s:@/?,]+(?::\d{1,5})?)*$/

const defaultPort = 2113

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

const credentialsIn = (userinfo: string): Credentials | undefined => {
  const colon = userinfo.indexOf(':')
  if (colon < 1) return undefined
  const [username, password] = [decoded(userinfo.slice(0, colon)), decoded(userinfo.slice(colon + 1))]
  return username === undefined || password === undefined ? undefined : { username, password }
}

const addressesIn = (hosts: string): ReadonlyArray<Address> =>
  hosts.split(',').map((text) => {
    const [host = '', port] = text.split(':')
    return { host, port: port === undefined ? defaultPort : Number(port) }
  })

const refused = (message: string): E.Either<StoreError, never> => E.left(invalidInput(message, path))

/**
 * Takes the credentials out of a connection string, so that the client never sees them there: it prints the whole
 * string in warnings and in debug output. No message of this function holds any of the text.
 */
export const parseConnectionString = (text: string): E.Either<StoreError, ConnectionString> => {
  const match = form.exec(text.trim())
  if (match === null) {
    return refused('a connection string begins with esdb://, kurrentdb:// or kdb://, or one of these with +discover')
  }
  const [, discover = '', authority = '', rest = ''] = match
  const at = authority.lastIndexOf('@')
  // the client would take a slash before the options for a part of the host's name
  const hosts = authority.slice(at + 1).replace(/(?<!\/)\/+$/, '')
  const addresses = hostList.test(hosts) ? addressesIn(hosts) : []
  if (addresses.length === 0 || addresses.some(({ port }) => port < 1 || port > 65_535)) {
    return refused('the connection string must name its hosts as host:port; credentials go before them, URL-encoded')
  }
  const credentials = at === -1 ? undefined : credentialsIn(authority.slice(0, at))
  if (at !== -1 && credentials === undefined) {
    return refused('the credentials in the connection string must read user:password@, URL-encoded')
  }
  return pipe(
    connectionOptions(rest),
    E.map((options) => ({
      // the client knows its own scheme only
      anonymous: `esdb${discover.toLowerCase()}://${hosts}${options.forClient}`,
      hosts: addresses,
      isCluster: discover !== '' || addresses.length > 1,
      ...(credentials && { credentials }),
      options
    }))
  )
}
