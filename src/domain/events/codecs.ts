import * as E from 'fp-ts/Either'
import type * as t from 'io-ts'
import { type Failure, failure } from '../failure.ts'
import { faultPath } from '../fault-path.ts'
import type { Sha256 } from '../hash-parts.ts'
import { hasNewMembers } from '../record.ts'
import { quoted } from '../text.ts'
import { CompletedData } from './completed.ts'
import { CompletionRejectedData } from './completion-rejected.ts'
import { ConflictRecordedData } from './conflict-recorded.ts'
import { DuplicateSeenData } from './duplicate-seen.ts'
import { ExpiredData } from './expired.ts'
import { ImportedData } from './imported.ts'
import { LeaseRenewedData } from './lease-renewed.ts'
import type { EventOfType, EventType, LedgerEvent } from './ledger-event.ts'
import { MarkedInDoubtData } from './marked-in-doubt.ts'
import { RecoveryPointReachedData } from './recovery-point-reached.ts'
import { ReservedData } from './reserved.ts'
import { type Upcasters, upcast, upcasters } from './upcast.ts'

/** Only what reads: nothing that was stored is encoded anew. */
type Codec<A> = Pick<t.Type<A, unknown>, 'is' | 'decode'>

type Codecs = { readonly [T in EventType]: Codec<EventOfType<T>['data']> }

const codecs: Codecs = {
  Reserved: ReservedData,
  DuplicateSeen: DuplicateSeenData,
  ConflictRecorded: ConflictRecordedData,
  Completed: CompletedData,
  Expired: ExpiredData,
  LeaseRenewed: LeaseRenewedData,
  CompletionRejected: CompletionRejectedData,
  RecoveryPointReached: RecoveryPointReachedData,
  MarkedInDoubt: MarkedInDoubtData,
  Imported: ImportedData
}

const isEventType = (type: string): type is EventType => Object.hasOwn(codecs, type)

/** The newest schema version of a type that this build knows: one more than its upcasters. */
export const currentVersion = (type: EventType, known: Upcasters = upcasters): number => known[type].length + 1

/** Whether an event says what the version before the newest of its type has no word for. */
const saysTheNewest = (event: LedgerEvent): boolean => {
  switch (event.type) {
    case 'Reserved':
      return event.data.recoveryPoints !== undefined
    case 'Imported':
      return hasNewMembers(event.data.record)
    default:
      return true
  }
}

/**
 * The schema version that an event is written in: the oldest that can say it. A build that knows no recovery points and no
 * doubt reads all keys but those that have them, and of these refuses the events by name.
 */
export const writtenVersion = (event: LedgerEvent): number =>
  currentVersion(event.type) - (saysTheNewest(event) ? 0 : 1)

/** Data that is of the newest version of its type, or the first fault in it. */
const checked = (type: EventType, data: unknown): E.Either<Failure, LedgerEvent> => {
  const codec: Pick<t.Mixed, 'is' | 'decode'> = codecs[type]
  // `is` allocates nothing; the slower `decode` runs only to name the fault
  if (codec.is(data)) return E.right({ type, data } as LedgerEvent)
  const decoded = codec.decode(data)
  const path = E.isLeft(decoded) ? faultPath(decoded.left) : '$'
  return E.left(failure('CorruptStream', `the data of ${type} is not valid at ${path}`, { path }))
}

const notOurs = (type: string): Failure => failure('CorruptStream', `"${quoted(type)}" is not an event of keyfold`)

/** An event of the newest version, as this build writes it. */
export const decodeNewest = (type: string, data: unknown): E.Either<Failure, LedgerEvent> =>
  isEventType(type) ? checked(type, data) : E.left(notOurs(type))

/**
 * An event from its stored type, schema version and data. Unknown fields are kept and nothing is re-encoded. A type
 * or shape that is not keyfold's is `CorruptStream`; a version newer than this build's is `UnsupportedVersion`.
 */
export const decodeEvent =
  (sha256: Sha256, known: Upcasters = upcasters) =>
  (type: string, schemaVersion: number, data: unknown): E.Either<Failure, LedgerEvent> => {
    if (!isEventType(type)) return E.left(notOurs(type))
    const newest = currentVersion(type, known)
    if (schemaVersion > newest) {
      return E.left(
        failure(
          'UnsupportedVersion',
          `${type} of schema version ${schemaVersion} is newer than supported version ${newest}`
        )
      )
    }
    return checked(type, upcast(known[type], schemaVersion, data, sha256))
  }
