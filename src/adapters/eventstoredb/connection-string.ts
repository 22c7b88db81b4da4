import * as E from 'fp-ts/Either'
import type { StoreError } from '../../application/ports/event-store.ts'
import { invalidInput } from '../../domain/failure.ts'
import type { Credentials } from './client.ts'

/** A connection string taken apart. `anonymous` is the string without its credentials: only that may be shown. */
export type ConnectionString = {
  readonly anonymous: string
  readonly credentials?: Credentials
  readonly defaultDeadlineMs?: number
  /** As given, if it is; -1 where there is to be none. */
  readonly keepAliveTimeoutMs?: number
}

const path = '$.connectionString'

const form = /^(esdb(?:\+discover)?:\/\/)([^?]*)(.*)$/s

/** `host`, `host:port`, and so on with commas: anything else may be part of a password that was not URL-encoded. */
const hostList = /^[^\s:@/?,]+(?::\d{1,5})?(?:,[^\s:@/?,]+(?::\d{1,5})?)*$/

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** The options of client 6.2.1, as it compares their names. */
const known: ReadonlySet<string> = new Set([
  'connectionname',
  'defaultdeadline',
  'discoveryinterval',
  'gossiptimeout',
  'keepaliveinterval',
  'keepalivetimeout',
  'maxdiscoverattempts',
  'nodepreference',
  'throwonappendfailure',
  'tls',
  'tlscafile',
  'tlsverifycert',
  'usercertfile',
  'userkeyfile'
])

/**
 * What the client does in place of its own defaults while it looks for a node, unless it is told otherwise. With those
 * (five seconds a node, ten rounds) one node that accepts and never answers costs every call its deadline, and a search
 * goes on for minutes after its store was disposed of. The adapter itself repeats what found no node.
 */
const discovery: ReadonlyArray<readonly [string, string]> = [
  ['gossipTimeout', '1'],
  ['maxDiscoverAttempts', '1']
]

/** Option names are compared as the client does: without case, `_` and `-`. The last of a name counts. */
const optionsIn = (rest: string): ReadonlyMap<string, string> =>
  new Map(
    rest
      .split(/[?&]/)
      .slice(1)
      .map((pair) => {
        const at = pair.indexOf('=')
        return [pair.slice(0, at).trim().toLowerCase().replace(/[_-]/g, ''), pair.slice(at + 1).trim()]
      })
  )

const withDiscovery = (rest: string, options: ReadonlyMap<string, string>): string => {
  const missing = discovery.filter(([name]) => !options.has(name.toLowerCase()))
  const added = missing.map((pair) => pair.join('=')).join('&')
  return added === '' ? rest : `${rest}${options.size > 0 ? '&' : '?'}${added}`
}

const credentialsIn = (userinfo: string): Credentials | undefined => {
  const colon = userinfo.indexOf(':')
  if (colon < 1) return undefined
  const [username, password] = [decoded(userinfo.slice(0, colon)), decoded(userinfo.slice(colon + 1))]
  return username === undefined || password === undefined ? undefined : { username, password }
}

/**
 * Takes the credentials out of a connection string, so that the client never sees them there: it prints the whole
 * string in warnings and in debug output. No message of this function holds any of the text.
 */
export const parseConnectionString = (text: string): E.Either<StoreError, ConnectionString> => {
  const match = form.exec(text.trim())
  if (match === null) {
    return E.left(invalidInput('a connection string begins with esdb:// or esdb+discover://', path))
  }
  const [, scheme = '', authority = '', rest = ''] = match
  const at = authority.lastIndexOf('@')
  // the client would take a slash before the options for a part of the host's name
  const hosts = authority.slice(at + 1).replace(/(?<!\/)\/+$/, '')
  if (!hostList.test(hosts)) {
    return E.left(
      invalidInput(
        'the connection string must name its hosts as host:port; credentials go before them, URL-encoded',
        path
      )
    )
  }
  const credentials = at === -1 ? undefined : credentialsIn(authority.slice(0, at))
  if (at !== -1 && credentials === undefined) {
    return E.left(invalidInput('the credentials in the connection string must read user:password@, URL-encoded', path))
  }
  const options = optionsIn(rest)
  // the client prints options that it does not know: what may be a password that was not URL-encoded must not get there
  if (rest.includes('@') && [...options.keys()].some((name) => !known.has(name))) {
    return E.left(
      invalidInput('an option in the connection string is unknown, or the credentials are not URL-encoded', path)
    )
  }
  const deadline = Number(options.get('defaultdeadline'))
  const keepAliveTimeout = options.get('keepalivetimeout')
  const isCluster = scheme.startsWith('esdb+discover') || hosts.includes(',')
  // the client would take an "@" in an option for the end of credentials
  const safe = rest.replaceAll('@', '%40')
  return E.right({
    anonymous: `${scheme}${hosts}${isCluster ? withDiscovery(safe, options) : safe}`,
    ...(credentials && { credentials }),
    ...(Number.isSafeInteger(deadline) && deadline > 0 && { defaultDeadlineMs: deadline }),
    ...(keepAliveTimeout !== undefined && { keepAliveTimeoutMs: Number(keepAliveTimeout) })
  })
}
