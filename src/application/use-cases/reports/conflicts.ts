import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Failure } from '../../../domain/failure.ts'
import { noOthers } from '../../../domain/parsing/known-members.ts'
import {
  type ConflictRow,
  type Conflicts,
  conflictsOf,
  mergeConflicts,
  noConflicts,
  rankedConflicts,
  type SeenConflict
} from '../../../domain/reports/conflicts.ts'
import { parseRequest } from '../../requests/parse-request.ts'
import type { Settings } from '../../settings.ts'
import { scanEvents } from '../../stream/scan-events.ts'
import { type EventFilter, eventFilterNames, parseEventFilter } from '../event-filter.ts'

/** The conflicts of the events that fit, by operation and fingerprint, the most frequent first. */
export type ConflictReport = {
  /** Where it was read from. */
  readonly source: 'scan' | 'views'
  /** A row for each operation and fingerprint. */
  readonly conflicts: ReadonlyArray<ConflictRow>
  /** Conflicts beyond the 100,000 rows that are told apart. */
  readonly unlisted: number
}

const members = noOthers<EventFilter>(eventFilterNames)

/** What conflicts come to, for whoever reads them. */
export const conflictReport = (all: Conflicts, source: ConflictReport['source']): ConflictReport => ({
  source,
  conflicts: rankedConflicts(all),
  unlisted: all.unlisted
})

/** So many are gathered before they are merged: to merge costs as much as there are rows. */
const gathered = 10_000

/** Which requests met a key that was used for another one. A plain scan of the log. */
export const conflicts =
  (settings: Settings) =>
  (filter: EventFilter = {}): TaskEither<Failure, ConflictReport> =>
  async () => {
    const parsed = parseRequest(settings, parseEventFilter, filter, members)
    if (E.isLeft(parsed)) return parsed
    const scan = parsed.right
    let all: Conflicts = noConflicts
    let seen: Array<SeenConflict> = []
    const failed = await scanEvents(settings, scan, true, async (events) => {
      for (const one of events) {
        const { event, key } = one
        if (event.type !== 'ConflictRecorded' || !scan.isInTime(one) || !scan.isOfKey(one)) continue
        seen.push({ operation: key?.operation ?? '', event })
      }
      if (seen.length >= gathered) {
        all = mergeConflicts(all, conflictsOf(seen))
        seen = []
      }
      return undefined
    })
    if (failed !== undefined) return E.left(failed)
    const whole = mergeConflicts(all, conflictsOf(seen))
    return E.right(conflictReport(whole, 'scan'))
  }
