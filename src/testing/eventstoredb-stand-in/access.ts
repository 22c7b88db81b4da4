import type { Metadata } from '@grpc/grpc-js'
import type { ServerError } from './faults.ts'
import { isMetastream, originalOf, type StreamMetadata } from './stream-metadata.ts'

/** Who may do what. A server without TLS knows no users and lets everyone do everything. */
export type Access = {
  /** Passwords by user name. */
  readonly users: Readonly<Record<string, string>>
  /** Those who may use system streams, which `$all` is one of. */
  readonly admins: ReadonlyArray<string>
  /** The groups that users are in, by user. */
  readonly groups: Readonly<Record<string, ReadonlyArray<string>>>
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

/** What somebody wants with a stream: the rights are named as in access lists. */
export type Right = '$r' | '$w' | '$d'

const ofMetadata: { readonly [right in Right]: string } = { $r: '$mr', $w: '$mw', $d: '$mw' }

/**
 * By the access list in a stream's metadata, which those of `$all` have as well; without one user streams are for every
 * user and system streams for administrators, who may do everything.
 */
export const refusedStream = (
  access: Access | undefined,
  metadata: Metadata,
  { stream, right }: { readonly stream: string; readonly right: Right },
  metadataOf: (stream: string) => StreamMetadata
): ServerError | undefined => {
  if (access === undefined) return undefined
  const user = credentialsIn(metadata)?.user
  if (user !== undefined && access.admins.includes(user)) return undefined
  const isMeta = isMetastream(stream)
  const name = isMeta ? originalOf(stream) : stream
  const roles = metadataOf(name).acl?.[isMeta ? ofMetadata[right] : right] ?? (name.startsWith('$') ? [] : ['$all'])
  const own = user === undefined ? [] : [user, ...(access.groups[user] ?? [])]
  const isEverybodys = roles.includes('$all') && (user !== undefined || access.anonymous)
  return isEverybodys || own.some((role) => roles.includes(role)) ? undefined : 'accessDenied'
}
