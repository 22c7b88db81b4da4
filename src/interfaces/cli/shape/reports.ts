import type { Answer } from '../../../domain/answers.ts'
import type { JsonObject } from '../../../domain/json.ts'
import type { IdempotencyRecord } from '../../../domain/record.ts'
import type { CliDeps } from '../deps.ts'
import { fields, headline, type Report, type Row, type Tone } from '../terminal/view.ts'
import { rowsOf } from './describe.ts'
import { claimJson, recordJson } from './json.ts'

/** The name that an answer goes by in JSON. */
export const resultNames: { readonly [tag in Answer['_tag']]: string } = {
  Reserved: 'reserved',
  Duplicate: 'duplicate',
  InDoubt: 'in_doubt',
  Conflict: 'conflict',
  Gone: 'gone',
  Completed: 'completed',
  AlreadyCompleted: 'already_completed',
  ClaimLost: 'claim_lost',
  CompletedByKey: 'completed_by_key',
  Released: 'released',
  Renewed: 'renewed',
  Reached: 'reached',
  Marked: 'marked',
  Expired: 'expired',
  NotDue: 'not_due',
  NotHeld: 'not_held',
  Imported: 'imported',
  Skipped: 'skipped'
}

/** Each answer in words, and how it stands out. */
const said = (answer: Answer): readonly [text: string, tone: Tone] => {
  switch (answer._tag) {
    case 'Reserved':
      return answer.takeover
        ? ['reserved, taken over: an earlier holder may have acted', 'notice']
        : ['reserved', 'good']
    case 'Duplicate':
      return [`duplicate, ${answer.record.outcome === undefined ? 'in flight' : 'with its outcome'}`, 'notice']
    case 'InDoubt':
      return ['in doubt: whether its effect happened is not known; the holder or an operator must say', 'bad']
    case 'Conflict':
      return ['conflict: the key was used for another request', 'bad']
    case 'Gone':
      return ['gone: the key is past its retention and is not reused', 'bad']
    case 'Completed':
      return ['completed', 'good']
    case 'AlreadyCompleted':
      return ['already completed, with the outcome below', 'notice']
    case 'ClaimLost':
      return ['claim lost: it was taken over, released or expired', 'bad']
    case 'CompletedByKey':
      return answer.record === undefined ? ['none: nobody holds the key', 'notice'] : ['stands as below', 'good']
    case 'Released':
      return ['released', 'good']
    case 'Renewed':
      return ['renewed', 'good']
    case 'Reached':
      return ['reached', 'good']
    case 'Marked':
      return ['in doubt: nobody takes over until the holder or an operator says what is so', 'notice']
    case 'Expired':
      return ['expired', 'good']
    case 'NotDue':
      return ['not due', 'notice']
    case 'NotHeld':
      return ['none: nobody holds the key', 'notice']
    case 'Imported':
      return ['imported', 'good']
    case 'Skipped':
      return ['skipped', 'quiet']
  }
}

const recordIn = (answer: Answer): IdempotencyRecord | undefined => {
  if (answer._tag === 'Gone') return answer.previous
  return 'record' in answer ? answer.record : undefined
}

/** Why a duplicate or conflict was answered and not recorded, where that is so. */
export const unrecordedJson = (answer: Answer): JsonObject =>
  'unrecorded' in answer && answer.unrecorded !== undefined ? { unrecorded: answer.unrecorded } : {}

/** A record for people. */
export const recordRows = (deps: CliDeps, record: IdempotencyRecord): ReadonlyArray<Row> =>
  rowsOf(recordJson(deps.toFileRecord)(record))

/** The report of a command on one key. */
export const answerReport =
  (deps: CliDeps) =>
  (answer: Answer): Report => {
    const toJson = recordJson(deps.toFileRecord)
    const record = recordIn(answer)
    const claim: JsonObject = answer._tag === 'Reserved' ? { claim: claimJson(answer.claim) } : {}
    const json = {
      result: resultNames[answer._tag],
      record: record === undefined ? null : toJson(record),
      ...claim,
      ...(answer._tag === 'Reserved' ? { takeover: answer.takeover } : {}),
      ...(answer._tag === 'Reserved' && answer.previous !== undefined ? { previous: toJson(answer.previous) } : {}),
      ...unrecordedJson(answer),
      ...(answer._tag === 'Renewed' ? { lease_expires_at_ms: answer.leaseExpiresAtMs } : {})
    }
    const rows = [...rowsOf(claim), ...(record === undefined ? [] : recordRows(deps, record))]
    return { json, views: [headline(...said(answer)), fields(rows)] }
  }
