import type { Finding } from '../../../application/use-cases/audit/verify/finding.ts'
import type { KeyDifference } from '../../../application/use-cases/audit/what-if/options.ts'
import type { AsOf } from '../../../domain/audit/as-of.ts'
import type { ExplainedAnswer } from '../../../domain/audit/explain.ts'
import type { Asked, Said } from '../../../domain/audit/what-if/difference.ts'
import type { LedgerEvent } from '../../../domain/events/ledger-event.ts'
import type { Json, JsonObject } from '../../../domain/json.ts'
import type { IdempotencyRecord } from '../../../domain/record.ts'
import type { CliDeps } from '../deps.ts'
import { type At, at, type Cell, fields, headline, type View } from '../terminal/view.ts'
import { recordJson } from './json.ts'
import { recordRows, resultNames } from './reports.ts'
import { snakeCase } from './snake-case.ts'
import { snakeData } from './snake-data.ts'

/** A record in JSON, or null where there is none. */
const orNull = (deps: CliDeps, record: IdempotencyRecord | undefined): JsonObject | null =>
  record === undefined ? null : recordJson(deps.toFileRecord)(record)

const endedIn = (at: AsOf) => (at._tag === 'Vacant' ? at.ended : undefined)

/** A key as of a moment, for programs. */
export const asOfJson = (deps: CliDeps, at: AsOf): JsonObject => {
  const ended = endedIn(at)
  return {
    state: snakeCase(at._tag),
    ...(at._tag === 'NeverSeen' ? {} : { revision: Number(at.revision), recorded_at_ms: at.recordedAtMs }),
    record: at._tag === 'Held' ? orNull(deps, at.record) : null,
    ...(ended === undefined ? {} : { ended: { reason: ended.reason, record: orNull(deps, ended.record) } })
  }
}

const untilOf = ({ revision, recordedAtMs }: { readonly revision: bigint; readonly recordedAtMs: number }) =>
  [`as of revision ${revision}, recorded at `, { atMs: recordedAtMs }] as const

/** A key as of a moment, in one line. */
export const asOfLine = (asOf: AsOf): ReadonlyArray<string | At> => {
  if (asOf._tag === 'NeverSeen') return ['none: the key was not seen by then']
  if (asOf._tag === 'Held') return ['held, ', ...untilOf(asOf)]
  const ended = endedIn(asOf)
  return [`vacant${ended === undefined ? '' : `: the last reservation ended (${ended.reason})`}, `, ...untilOf(asOf)]
}

/** A key as of a moment, for people: of a key that is vacant, the record that ended. */
export const asOfViews = (deps: CliDeps, at: AsOf): ReadonlyArray<View> => {
  const record = at._tag === 'Held' ? at.record : endedIn(at)?.record
  return [headline(asOfLine(at)), ...(record === undefined ? [] : [fields(recordRows(deps, record))])]
}

/** An answer that was not given: without a claim. */
export const explainedJson = (deps: CliDeps, answer: ExplainedAnswer): JsonObject => ({
  result: resultNames[answer._tag],
  record: 'record' in answer ? orNull(deps, answer.record) : null,
  ...(answer._tag === 'Reserved' ? { takeover: answer.takeover } : {}),
  ...('previous' in answer && answer.previous !== undefined ? { previous: orNull(deps, answer.previous) } : {})
})

/** An event that was not written: its type and its data, under the names that events have in JSON. */
export const proposedJson = ({ type, data }: LedgerEvent): { readonly [field: string]: unknown } => ({
  type,
  data: snakeData(data)
})

/** A finding for programs. */
export const findingJson = ({ kind, recordId, stream, revision, position, message }: Finding): JsonObject => ({
  kind,
  record_id: recordId ?? null,
  stream: stream ?? null,
  revision: revision === undefined ? null : Number(revision),
  position,
  message
})

/** A finding as a row of a table. */
export const findingRow = ({ kind, recordId, revision, position, message }: Finding): ReadonlyArray<Cell> => [
  kind,
  recordId ?? '',
  revision === undefined ? '' : String(revision),
  position,
  message
]

export const findingHead = ['finding', 'record id', 'rev', { name: 'position', drop: 1 }, 'what is wrong']

/** What was answered, in a few words. */
const saidInWords: { readonly [said in Said]: string } = {
  reserved: 'reserved',
  takenOver: 'reserved, taken over',
  inFlight: 'duplicate, in flight',
  replay: 'duplicate, with its outcome',
  inDoubt: 'in doubt',
  conflict: 'conflict',
  gone: 'gone',
  completed: 'completed',
  alreadyCompleted: 'already completed',
  claimLost: 'claim lost',
  notCounted: 'did not count',
  released: 'released',
  renewed: 'renewed',
  reached: 'reached',
  marked: 'marked',
  expired: 'expired',
  notDue: 'not due',
  notHeld: 'not held',
  imported: 'imported',
  skipped: 'skipped',
  refused: 'refused',
  noClaim: 'not asked: it would have had no claim'
}

const askedInWords: { readonly [asked in Asked]: string } = {
  reserve: 'reserve',
  complete: 'complete',
  completeByKey: 'complete by key',
  completeByOperator: 'complete by operator',
  release: 'release',
  renew: 'renew',
  reachRecoveryPoint: 'recovery point',
  markInDoubt: 'mark in doubt',
  expireByOperator: 'expire by operator',
  importRecords: 'import'
}

/** A request that would have been answered differently, for programs. */
export const differenceJson = (difference: KeyDifference): JsonObject => ({
  record_id: difference.recordId,
  revision: Number(difference.revision),
  at_ms: difference.atMs,
  asked: snakeCase(difference.asked),
  count: difference.count,
  owners: difference.owners,
  was: snakeCase(difference.was),
  would_be: snakeCase(difference.wouldBe)
})

export const differenceHead = [
  'record id',
  'rev',
  { name: 'at', drop: 2 },
  'asked',
  { name: 'by', drop: 1 },
  'was',
  'would be'
]

/** The same as a row of a table. */
export const differenceRow = (one: KeyDifference): ReadonlyArray<Cell> => [
  one.recordId,
  String(one.revision),
  at(one.atMs),
  one.count === 1 ? askedInWords[one.asked] : `${askedInWords[one.asked]}, ${one.count} times`,
  one.owners.join(', '),
  saidInWords[one.was],
  saidInWords[one.wouldBe]
]

/** A value of a record's field as people read it. */
export const valueText = (value: unknown): string => {
  if (value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(snakeData(value))
}

/** The same for programs: null where it is absent. */
export const valueJson = (value: unknown): Json =>
  value === undefined ? null : JSON.parse(JSON.stringify(snakeData(value)))
