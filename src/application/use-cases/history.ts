import { pipe } from 'fp-ts/function'
import * as RA from 'fp-ts/ReadonlyArray'
import * as TE from 'fp-ts/TaskEither'
import type { LedgerEvent } from '../../domain/events/ledger-event.ts'
import type { Failure } from '../../domain/failure.ts'
import { streamName } from '../../domain/identity.ts'
import { keyRef } from '../requests/key-ref.ts'
import { keyRefMembers } from '../requests/members.ts'
import { parseRequest } from '../requests/parse-request.ts'
import type { KeyRef } from '../requests/requests.ts'
import type { Settings } from '../settings.ts'
import type { DecodedEvent } from '../stream/event-text.ts'
import { readHistory } from '../stream/read-history.ts'

type Envelope = {
  /** The id under which the store holds it: a UUID. */
  readonly id: string
  /** The name of the key’s stream. */
  readonly stream: string
  /** Its place in the stream, from 0. */
  readonly revision: bigint
  /** Its place in the log of the store; only that store can order it. */
  readonly position: string
  /** The store's own time of recording, epoch ms. */
  readonly recordedAtMs: number
  /** The schema version that it was stored with. Here it is as the newest has it. */
  readonly schemaVersion: number
  /** The SHA-256 of the event and of the hash before it: what chains the stream. */
  readonly hash: string
  /** The hash of the event before it; for the first one it is made of the stream’s name. */
  readonly previousHash: string
  /** Who acted, where the command said so. */
  readonly actor?: string
  /** What the command belonged to, where it said so. */
  readonly correlationId?: string
  /** What caused the command, where it said so. */
  readonly causationId?: string
}

/**
 * A ledger event with its envelope: where and when it was stored, by whom, and its place in the hash chain. As JSON its
 * revision is a string: JSON knows no integers of that size.
 */
export type HistoryEntry = LedgerEvent & Envelope

/** The same as JSON has it, which is plain data: `BigInt(revision)` is the revision again. */
export type HistoryEntryJson = LedgerEvent &
  Omit<Envelope, 'revision'> & {
    /** Its place in the stream, from 0, in decimal digits. */
    readonly revision: string
  }

/** Events with their envelopes as plain data, for whatever knows no bigint: a message, a column, a structured log. */
export const historyToJson = (entries: ReadonlyArray<HistoryEntry>): ReadonlyArray<HistoryEntryJson> =>
  entries.map((entry) => ({ ...entry, revision: `${entry.revision}` }))

/** One for all entries: there may be millions of them. */
const asJson: ThisType<HistoryEntry> & { readonly value: () => HistoryEntryJson | undefined } = {
  value() {
    return historyToJson([this])[0]
  }
}

/** What metadata hold that keyfold does not know stays in sight, but in place of nothing that the store says. */
export const entryOf = ({ event, recorded, metadata }: DecodedEvent): HistoryEntry => {
  const { snapshot: _, ...envelope } = metadata
  const { stream, revision, position, recordedAtMs } = recorded
  const stored = { ...event, stream, revision, position, recordedAtMs }
  const made: HistoryEntry = { ...stored, ...envelope, ...stored }
  return Object.defineProperty(made, 'toJSON', asJson)
}

/** Every event of a key, oldest first, from every reservation that it ever had. A key never seen has none. */
export const history =
  (settings: Settings) =>
  (input: KeyRef): TE.TaskEither<Failure, ReadonlyArray<HistoryEntry>> =>
  () =>
    pipe(
      TE.fromEither(parseRequest(settings, keyRef, input, keyRefMembers)),
      TE.flatMap((recordId) => readHistory(settings)(streamName(settings.category, recordId))),
      TE.map(RA.map(entryOf))
    )()
