import type { Metadata } from '@grpc/grpc-js'
import type { ServerError } from './faults.ts'
import { isMetastream, originalOf } from './stream-metadata.ts'

/** Who may do what. A server without TLS knows no users and lets everyone do everything. */
export type Access = {
  /** Passwords by user name. */
  readonly users: Readonly<Record<string, string>>
  /** Those who may use system streams, which `$all` is one of. */
  readonly admins: ReadonlyArray<string>
  /** Whether calls without credentials may use streams. */
  readonly anonymous: boolean
}

type Credentials = { readonly user: string; readonly password: string }

export const credentialsIn = (metadata: Metadata): Credentials | undefined => {
  const [header] = metadata.get('authorization')
  if (header === undefined) return undefined
  const text = Buffer.from(header.toString().replace(/^Basic /i, ''), 'base64').toString()
  const colon = text.indexOf(':')
  return { user: text.slice(0, Math.max(colon, 0)), password: text.slice(colon + 1) }
}

/** Wrong credentials are refused everywhere, even where none are needed. */
export const refusedLogin = (access: Access | undefined, metadata: Metadata): ServerError | undefined => {
  const given = credentialsIn(metadata)
  if (access === undefined || given === undefined) return undefined
  return access.users[given.user] === given.password ? undefined : 'unauthenticated'
}

/** The default access lists: user streams for every user, system streams for administrators. */
export const refusedStream = (
  access: Access | undefined,
  metadata: Metadata,
  stream: string
): ServerError | undefined => {
  if (access === undefined) return undefined
  const user = credentialsIn(metadata)?.user
  const name = isMetastream(stream) ? originalOf(stream) : stream
  const allowed = name.startsWith('$')
    ? user !== undefined && access.admins.includes(user)
    : user !== undefined || access.anonymous
  return allowed ? undefined : 'accessDenied'
}
