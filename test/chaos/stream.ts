import type { EventOfType, EventType, LedgerEvent } from '../../src/domain/events/ledger-event.ts'
import { type Claim, claimHash } from '../../src/index.ts'
import type { Told } from './told.ts'

/** A key's stream as the log holds it, and everything that anybody was told about the key. */
export type Stream = { readonly events: ReadonlyArray<LedgerEvent>; readonly told: ReadonlyArray<Told> }

/** What its events of one type say, in order. */
export const ofType = <T extends EventType>({ events }: Stream, type: T): ReadonlyArray<EventOfType<T>['data']> =>
  events.flatMap((event) => (event.type === type ? [event.data as EventOfType<T>['data']] : []))

type Held = { readonly epoch?: number | undefined; readonly claimHash?: string | undefined }

/** Whether an event was written under a claim. */
export const isUnder = ({ epoch, claimId }: Claim, held: Held): boolean =>
  held.epoch === epoch && held.claimHash === claimHash(claimId)

/** The mark of a completion. */
export const markOf = ({ outcome: { details } }: EventOfType<'Completed' | 'CompletionRejected'>['data']): string => {
  const mark = typeof details === 'object' && details !== null ? Reflect.get(details, 'mark') : undefined
  return String(mark)
}

/** The marks of those that had an event written. */
export const marksIn = (event: LedgerEvent): ReadonlyArray<string> => {
  switch (event.type) {
    case 'Reserved':
      return [event.data.owner]
    case 'DuplicateSeen':
    case 'ConflictRecorded':
      return event.data.owners
    case 'Completed':
    case 'CompletionRejected':
      return [markOf(event.data)]
    case 'Expired':
      return event.data.reason === 'lease' ? [] : [String(event.data.note)]
    default:
      return []
  }
}
