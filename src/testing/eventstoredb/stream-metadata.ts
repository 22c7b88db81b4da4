import { type LoggedEvent, tombstone } from './events.ts'

/** What the server itself reads in the metadata of a stream. */
export type StreamMetadata = {
  readonly truncateBefore: bigint
  readonly maxCount?: bigint
  readonly maxAgeMs?: number
}

export const noMetadata: StreamMetadata = { truncateBefore: 0n }

/** A metadata stream shows its last event only. */
export const metadataOfMetadata: StreamMetadata = { truncateBefore: 0n, maxCount: 1n }

export const isMetastream = (stream: string): boolean => stream.startsWith('$$')
export const metastreamOf = (stream: string): string => `$$${stream}`
export const originalOf = (metastream: string): string => metastream.slice(2)

const asObject = (event: LoggedEvent): Readonly<Record<string, unknown>> => {
  try {
    const json: unknown = JSON.parse(Buffer.from(event.data).toString())
    return typeof json === 'object' && json !== null ? { ...json } : {}
  } catch {
    return {}
  }
}

/** `$tb` of a soft delete is beyond what a number holds exactly; nothing else comes near it. */
const toRevision = (value: unknown): bigint => {
  if (typeof value !== 'number' || !(value > 0)) return 0n
  return value >= 2 ** 63 ? tombstone : BigInt(Math.trunc(value))
}

const isPositive = (value: unknown): value is number => typeof value === 'number' && value > 0

export const metadataIn = (event: LoggedEvent): StreamMetadata => {
  const { $tb, $maxCount, $maxAge } = asObject(event)
  return {
    truncateBefore: toRevision($tb),
    ...(isPositive($maxCount) && { maxCount: toRevision($maxCount) }),
    ...(isPositive($maxAge) && { maxAgeMs: $maxAge * 1000 })
  }
}

export const softDeleteJson = `{"$tb":${tombstone}}`

/** The metadata of a soft-deleted stream that was written to again: all of it stays but what hid the stream. */
export const undeletedJson = (event: LoggedEvent, first: bigint): string =>
  JSON.stringify({ ...asObject(event), $tb: Number(first) })
