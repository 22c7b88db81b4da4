import * as E from 'fp-ts/Either'
import { decodeEvent } from '../../domain/events/codecs.ts'
import type { IdentifiedEvent, LedgerEvent } from '../../domain/events/ledger-event.ts'
import { type Failure, failure } from '../../domain/failure.ts'
import { hashParts, type Sha256 } from '../../domain/hash-parts.ts'
import { recordIdIn } from '../../domain/identity.ts'
import { nestsDeeper } from '../../domain/json-depth.ts'
import { quoted } from '../../domain/text.ts'
import type { RecordedEvent } from '../ports/event-store.ts'

/** The metadata that keyfold writes with every event. `hash` stands last, so that it can be cut off the text. */
export type Metadata = {
  readonly schemaVersion: number
  readonly previousHash: string
  readonly actor?: string
  readonly correlationId?: string
  readonly causationId?: string
  readonly snapshot?: unknown
  readonly hash: string
}

/** An event as it is stored, with what it says. */
export type DecodedEvent = {
  readonly recorded: RecordedEvent
  readonly event: IdentifiedEvent
  readonly metadata: Metadata
}

/** The hash before the first event of a stream. */
export const genesisHash = (sha256: Sha256, stream: string): string => hashParts(sha256, [stream])

/** The link of the hash chain (SPEC section 3): over texts as they are stored, before anybody decodes them. */
export const linkHash = (
  sha256: Sha256,
  previousHash: string,
  { id, type, data, unhashed }: { id: string; type: string; data: string; unhashed: string }
): string => hashParts(sha256, [previousHash, id, type, data, unhashed])

const tail = (hash: string): string => `,"hash":"${hash}"}`

/** Metadata that its brace does not close yet, with its hash, closed. */
export const sealed = (open: string, hash: string): string => `${open}${tail(hash)}`

export const withHash = (unhashed: string, hash: string): string => sealed(unhashed.slice(0, -1), hash)

const withoutHash = (metadata: string, hash: string): string | undefined =>
  metadata.endsWith(tail(hash)) ? `${metadata.slice(0, -tail(hash).length)}}` : undefined

export const corrupt = ({ stream, revision }: RecordedEvent, why: string): Failure =>
  failure('CorruptStream', `${quoted(stream)} at revision ${revision}: ${why}`)

/** Deeper than any event that keyfold writes: what an import brings may nest 3,000 levels, and V8 writes 4,000 again. */
const maxDepth = 3100

const parse = (text: string): unknown => {
  if (nestsDeeper(text, maxDepth)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isOptionalText = (value: unknown): boolean => value === undefined || typeof value === 'string'

const isMetadata = (value: unknown): value is Metadata => {
  if (typeof value !== 'object' || value === null) return false
  const {
    schemaVersion,
    previousHash,
    hash,
    actor,
    correlationId,
    causationId
  }: Partial<Record<keyof Metadata, unknown>> = value
  return (
    isOptionalText(actor) &&
    isOptionalText(correlationId) &&
    isOptionalText(causationId) &&
    typeof previousHash === 'string' &&
    typeof hash === 'string' &&
    typeof schemaVersion === 'number' &&
    Number.isSafeInteger(schemaVersion) &&
    schemaVersion > 0
  )
}

/** The hash that an event says to have, unchecked. */
export const hashIn = ({ metadata }: RecordedEvent): string | undefined => /,"hash":"(\w+)"}$/.exec(metadata)?.[1]

/** Whether an event that says which record it is of says that of its stream: nobody gets the record of somebody else. */
const isOf = (stream: string, event: LedgerEvent): boolean => {
  switch (event.type) {
    case 'Reserved':
      return event.data.recordId === recordIdIn(stream)
    case 'Imported':
      return event.data.record.recordId === recordIdIn(stream)
    default:
      return true
  }
}

const isHashOf = (
  sha256: Sha256,
  { id, type, data, metadata }: RecordedEvent,
  { previousHash, hash }: Metadata
): boolean => {
  const unhashed = withoutHash(metadata, hash)
  return unhashed !== undefined && linkHash(sha256, previousHash, { id, type, data, unhashed }) === hash
}

/** Whether an event is what its own hash says that it was, whatever else is wrong with it. */
export const isIntact = (sha256: Sha256, recorded: RecordedEvent): boolean => {
  const metadata = parse(recorded.metadata)
  return isMetadata(metadata) && isHashOf(sha256, recorded, metadata)
}

/** Checks an event's own hash, then decodes it. Its link to the event before is the reader's to check. */
export const decodeRecorded =
  (sha256: Sha256) =>
  (recorded: RecordedEvent): E.Either<Failure, DecodedEvent> => {
    const metadata = parse(recorded.metadata)
    if (!isMetadata(metadata)) return E.left(corrupt(recorded, 'its metadata is not keyfold’s'))
    if (!isHashOf(sha256, recorded, metadata)) return E.left(corrupt(recorded, 'its hash does not fit its content'))
    const { id, type, data } = recorded
    const decoded = decodeEvent(sha256)(type, metadata.schemaVersion, parse(data))
    if (E.isLeft(decoded)) {
      const message = `${quoted(recorded.stream)} at revision ${recorded.revision}: ${decoded.left.message}`
      return E.left({ ...decoded.left, message })
    }
    return isOf(recorded.stream, decoded.right)
      ? E.right({ recorded, metadata, event: { ...decoded.right, id } })
      : E.left(corrupt(recorded, 'it is of another record than its stream is named for'))
  }
