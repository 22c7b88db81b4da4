import { jsonContent, type LoggedEvent, tombstone } from './events.ts'
import { isNumber, isObject, parseObject, printed, type RawJson, type RawObject } from './metadata-json.ts'

/** What the server itself reads in the metadata of a stream. */
export type StreamMetadata = {
  readonly truncateBefore: bigint
  readonly maxCount?: bigint
  readonly maxAgeMs?: number
  /** Who may do what, by the name of the right: users, groups, or `$all`. */
  readonly acl?: Readonly<Record<string, ReadonlyArray<string>>>
}

export const noMetadata: StreamMetadata = { truncateBefore: 0n }

/** A metadata stream shows its last event only, whatever its own metadata say. */
export const metadataOfMetadata: StreamMetadata = { truncateBefore: 0n, maxCount: 1n }

export const isMetastream = (stream: string): boolean => stream.startsWith('$$')
export const metastreamOf = (stream: string): string => `$$${stream}`
export const originalOf = (metastream: string): string => metastream.slice(2)

const isInteger = (value: RawJson): boolean => {
  if (!isNumber(value) || !/^-?\d+$/.test(value.number)) return false
  return BigInt.asIntN(64, BigInt(value.number)) === BigInt(value.number)
}

const isRoles = (value: RawJson): boolean =>
  typeof value === 'string' || (Array.isArray(value) && value.every((role) => typeof role === 'string'))

const rolesIn = (value: RawJson): ReadonlyArray<string> =>
  (Array.isArray(value) ? value : [value]).filter((role) => typeof role === 'string')

const aclFields = ['$r', '$w', '$d', '$mr', '$mw']

const isAcl = (value: RawJson): boolean =>
  isObject(value) &&
  !isNumber(value) &&
  Object.entries(value).every(([name, roles]) => aclFields.includes(name) && isRoles(roles))

/** How many seconds a span of time may have there. */
const maxSeconds = 922_337_203_685n

const isSeconds = (value: RawJson): boolean =>
  isInteger(value) && isNumber(value) && BigInt(value.number) <= maxSeconds && BigInt(value.number) >= -maxSeconds

/** What the system's own fields must be. One that is not voids the others with it. */
const systemFields: Readonly<Record<string, (value: RawJson) => boolean>> = {
  $tb: isInteger,
  $maxCount: isInteger,
  $maxAge: isSeconds,
  $cacheControl: isSeconds,
  $tempStream: (value) => typeof value === 'boolean',
  $acl: isAcl
}

const integerIn = (json: RawObject, name: string): bigint => {
  const value = Object.hasOwn(json, name) ? json[name] : undefined
  return isNumber(value) ? BigInt(value.number) : 0n
}

const read = (event: LoggedEvent): StreamMetadata => {
  if (event.contentType !== jsonContent || event.revision === tombstone) return noMetadata
  const json = parseObject(event.data)
  if (json === undefined) return noMetadata
  const isSound = Object.entries(json).every(([name, value]) => systemFields[name]?.(value) ?? true)
  if (!isSound) return noMetadata
  const [truncateBefore, maxCount, maxAge] = ['$tb', '$maxCount', '$maxAge'].map((name) => integerIn(json, name))
  const acl = Object.hasOwn(json, '$acl') ? json['$acl'] : undefined
  return {
    ...(isObject(acl) && {
      acl: Object.fromEntries(Object.entries(acl).map(([right, roles]) => [right, rolesIn(roles)]))
    }),
    truncateBefore: truncateBefore !== undefined && truncateBefore > 0n ? truncateBefore : 0n,
    ...(maxCount !== undefined && maxCount > 0n && { maxCount }),
    ...(maxAge !== undefined && maxAge > 0n && { maxAgeMs: Number(maxAge) * 1000 })
  }
}

const known = new WeakMap<LoggedEvent, StreamMetadata>()

/** What an event of a metadata stream says of the stream; read once. */
export const metadataIn = (event: LoggedEvent): StreamMetadata => {
  const found = known.get(event) ?? read(event)
  known.set(event, found)
  return found
}

export const softDeleteJson = `{"$tb":${tombstone}}`

/** Metadata of a soft-deleted stream that was written to again: all of it stays but what hid the stream. */
export const undeletedJson = (event: LoggedEvent, first: bigint): string | undefined => {
  const json = parseObject(event.data)
  if (json === undefined) return undefined
  const cut = parseObject(Buffer.from(`{"$tb":${first}}`))
  return printed({ ...json, ...cut })
}
