import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import type { ExpireAnswer } from '../../../domain/answers.ts'
import { isRetentionOver } from '../../../domain/due.ts'
import type { Failure } from '../../../domain/failure.ts'
import { type RecordId, streamName } from '../../../domain/identity.ts'
import { recordOf } from '../../../domain/state.ts'
import type { Engine } from '../../engine/engine.ts'
import { clockTime } from '../../ports/clock-time.ts'
import { expireMembers } from '../../requests/members.ts'
import { parseExpire } from '../../requests/parse-hold.ts'
import { submitParsed } from '../../requests/submit-parsed.ts'
import { readState } from '../../stream/read-state.ts'
import type { Sweeping } from './options.ts'

/** So many keys are known again that were found due, so that each is told once however often it is named. */
const maxKnown = 10_000

/** What expiring a key would come to now, and nothing is written. One that would be expired already is due no more. */
const foreseen = ({ settings }: Engine, { nowMs }: Sweeping) => {
  const known = new Set<RecordId>()
  const isFirst = (recordId: RecordId): boolean => {
    if (known.has(recordId)) return false
    if (known.size < maxKnown) known.add(recordId)
    return true
  }
  return (recordId: RecordId): TE.TaskEither<Failure, ExpireAnswer> =>
    pipe(
      readState(settings)(streamName(settings.category, recordId)),
      TE.bindTo('read'),
      TE.bind('now', () => TE.fromEither(nowMs === undefined ? clockTime(settings.clock) : E.right(nowMs))),
      TE.map(({ read: { state }, now }): ExpireAnswer => {
        const record = recordOf(state)
        return record !== undefined && isRetentionOver(record, now, settings.policy) && isFirst(recordId)
          ? { _tag: 'Expired', record }
          : { _tag: 'NotDue' }
      })
    )
}

/** Expires one key after another where it is due, in words of the ledger's own `expire`. */
export const expireOne = (
  engine: Engine,
  sweeping: Sweeping
): ((recordId: RecordId) => TE.TaskEither<Failure, ExpireAnswer>) => {
  if (sweeping.dryRun) return foreseen(engine, sweeping)
  const expire = submitParsed(engine, parseExpire, expireMembers)
  const { nowMs, signal } = sweeping
  return (recordId) => expire({ recordId, nowMs, signal })
}
