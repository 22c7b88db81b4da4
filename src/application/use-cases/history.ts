import { pipe } from 'fp-ts/function'
import * as RA from 'fp-ts/ReadonlyArray'
import * as TE from 'fp-ts/TaskEither'
import type { LedgerEvent } from '../../domain/events/ledger-event.ts'
import type { Failure } from '../../domain/failure.ts'
import { streamName } from '../../domain/identity.ts'
import type { Parsed } from '../../domain/parsing/parsed.ts'
import { type KeyFields, keyFields } from '../requests/key-fields.ts'
import { parseRequest } from '../requests/parse-request.ts'
import type { KeyInput } from '../requests/requests.ts'
import type { Settings } from '../settings.ts'
import type { DecodedEvent } from '../stream/event-text.ts'
import { readHistory } from '../stream/read-history.ts'

/**
 * A ledger event with its envelope: where and when it was stored, by whom, and its place in the hash chain. As JSON its
 * revision is a string: JSON knows no integers of that size.
 */
export type HistoryEntry = LedgerEvent & {
  readonly id: string
  readonly stream: string
  readonly revision: bigint
  readonly position: string
  /** The store's own time of recording, epoch ms. */
  readonly recordedAtMs: number
  readonly schemaVersion: number
  readonly hash: string
  readonly previousHash: string
  readonly actor?: string
  readonly correlationId?: string
  readonly causationId?: string
}

/** What metadata hold that keyfold does not know stays in sight, but in place of nothing that the store says. */
export const entryOf = ({ event, recorded, metadata }: DecodedEvent): HistoryEntry => {
  const { snapshot: _, ...envelope } = metadata
  const { stream, revision, position, recordedAtMs } = recorded
  const stored = { ...event, stream, revision, position, recordedAtMs }
  const made: HistoryEntry = { ...stored, ...envelope, ...stored }
  return Object.defineProperty(made, 'toJSON', { value: () => ({ ...made, revision: `${revision}` }) })
}

const parseHistory = (settings: Settings, input: KeyInput): Parsed<KeyFields> =>
  keyFields(settings, input, ['key', 'operation'])

/** Every event of a key, oldest first, from every reservation that it ever had. A key never seen has none. */
export const history =
  (settings: Settings) =>
  (input: KeyInput): TE.TaskEither<Failure, ReadonlyArray<HistoryEntry>> =>
  () =>
    pipe(
      TE.fromEither(parseRequest(settings, parseHistory, input)),
      TE.flatMap(({ recordId }) => readHistory(settings)(streamName(settings.category, recordId))),
      TE.map(RA.map(entryOf))
    )()
