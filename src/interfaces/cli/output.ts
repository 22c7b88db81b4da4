import Table from 'cli-table3'
import pc from 'picocolors'
import type { HistoryEntry } from '../../application/use-cases/history.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'

const plain = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  '
}

/** A table: borders and colour on a terminal, bare columns in a pipe. */
export const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string | number>>): string => {
  const terminal = process.stdout.isTTY === true
  const made = new Table({
    head: head.map((name) => (terminal ? pc.bold(name) : name)),
    style: { head: [], border: [], ...(terminal ? {} : { 'padding-left': 0, 'padding-right': 0 }) },
    ...(terminal ? {} : { chars: plain })
  })
  made.push(...rows.map((row) => [...row]))
  return `${made.toString()}\n`
}

/** A time as people read it. */
export const moment = (ms: number | undefined): string => {
  if (ms === undefined) return ''
  return ms <= 8.64e15 ? new Date(ms).toISOString() : String(ms)
}

export const json = (value: unknown): string =>
  `${JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? Number(item) : item))}\n`

export const recordTable = (records: ReadonlyArray<IdempotencyRecord>): string =>
  table(
    ['record', 'operation', 'key', 'owner', 'status', 'outcome', 'seen last', 'dup', 'conf'],
    records.map((record) => [
      `${record.recordId.slice(0, 13)}…`,
      record.operation,
      record.key,
      record.owner,
      record.status,
      record.outcome?.outcomeKind ?? '',
      moment(record.lastSeenAtMs),
      record.duplicateCount,
      record.conflictCount
    ])
  )

const said = (entry: HistoryEntry): string => {
  switch (entry.type) {
    case 'Reserved':
      return `epoch ${entry.data.epoch} by ${entry.data.owner}${entry.data.after ? `, after ${entry.data.after.reason}` : ''}`
    case 'DuplicateSeen':
      return `${entry.data.count} × by ${entry.data.owners.join(', ')}`
    case 'ConflictRecorded':
      return `${entry.data.count} × by ${entry.data.owners.join(', ')}: ${entry.data.requestFingerprint.slice(0, 20)}…`
    case 'Completed':
      return `epoch ${entry.data.epoch}: ${entry.data.outcome.outcomeKind}`
    case 'Expired':
      return `epoch ${entry.data.epoch}: ${entry.data.reason}${entry.data.note ? ` (${entry.data.note})` : ''}`
    case 'LeaseRenewed':
      return `epoch ${entry.data.epoch} until ${moment(entry.data.leaseExpiresAtMs)}`
    case 'CompletionRejected':
      return `${entry.data.outcome.outcomeKind} must not count`
    case 'Imported':
      return `epoch ${entry.data.epoch} from ${entry.data.source}`
  }
}

export const historyTable = (entries: ReadonlyArray<HistoryEntry>): string =>
  table(
    ['rev', 'at', 'event', 'what'],
    entries.map((entry) => [String(entry.revision), moment(entry.data.atMs), entry.type, said(entry)])
  )
