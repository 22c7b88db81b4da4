import type { HistoryEntry } from '../../../application/use-cases/history.ts'
import type { LedgerEvent } from '../../../domain/events/ledger-event.ts'
import type { Json, JsonObject } from '../../../domain/json.ts'
import { quoted } from '../../../domain/text.ts'
import { at, each, type Phrase, type Row, table, type View } from '../terminal/view.ts'

const times = (count: number): string => (count === 1 ? '' : `${count} times, `)

const operator = (actor = 'an operator', note = ''): string => `by ${actor}: ${note}`

/** What an event says, in a few words. Claims are the holders' secrets and stay out of it. */
export const describeEvent = (event: LedgerEvent & Pick<HistoryEntry, 'actor'>): Phrase => {
  switch (event.type) {
    case 'Reserved': {
      const { owner, epoch, leaseExpiresAtMs, after, recoveryPoints = [] } = event.data
      const follows = after === undefined ? '' : `, after epoch ${after.epoch} (${after.reason})`
      const from = recoveryPoints.length === 0 ? '' : `, from ${recoveryPoints.map(({ name }) => name).join(', ')}`
      const lease = leaseExpiresAtMs === undefined ? [', no lease'] : [', lease until ', { atMs: leaseExpiresAtMs }]
      return [`epoch ${epoch} by ${owner}`, ...lease, `${follows}${from}`]
    }
    case 'DuplicateSeen':
      return `${times(event.data.count)}by ${event.data.owners.join(', ')}`
    case 'ConflictRecorded':
      return `${times(event.data.count)}by ${event.data.owners.join(', ')}, with ${event.data.requestFingerprint}`
    case 'Completed': {
      const { epoch, outcome, claimHash, note } = event.data
      const done = `epoch ${epoch}: ${outcome.outcomeKind}`
      if (note !== undefined) return `${done}, ${operator(event.actor, note)}`
      return claimHash === undefined ? `${done}, unfenced` : done
    }
    case 'Expired': {
      const { epoch, reason, note } = event.data
      if (reason === 'operator') return `epoch ${epoch}, ${operator(event.actor, note)}`
      return `epoch ${epoch}, ${reason}${note === undefined ? '' : `: ${note}`}`
    }
    case 'LeaseRenewed':
      return [`epoch ${event.data.epoch}, until `, { atMs: event.data.leaseExpiresAtMs }]
    case 'RecoveryPointReached': {
      const { epoch, name, data } = event.data
      return `epoch ${epoch}: ${name}${data === undefined ? '' : `, ${quoted(JSON.stringify(data))}`}`
    }
    case 'MarkedInDoubt': {
      const { epoch, note } = event.data
      return `epoch ${epoch}${note === undefined ? '' : `: ${note}`}`
    }
    case 'CompletionRejected': {
      const { epoch, outcome } = event.data
      return `outcome ${outcome.outcomeKind} of ${epoch === undefined ? 'an unfenced caller' : `epoch ${epoch}`} did not count`
    }
    case 'Imported':
      return `from ${event.data.source}, ${event.data.record.status}`
  }
}

/** A key's events, one a row. */
export const timeline = (entries: ReadonlyArray<HistoryEntry>, inColumns = false): View =>
  table(
    ['rev', 'at', 'event', 'what'],
    each(entries, (entry) => [String(entry.revision), at(entry.data.atMs), entry.type, describeEvent(entry)]),
    inColumns
  )

const rowOf = (name: string, path: string, value: Json): Row => {
  const isTime = name.endsWith('_at_ms') || name === 'since_ms'
  if (typeof value === 'number') return isTime ? [path, value, { atMs: value }] : [path, value]
  return [path, typeof value === 'string' ? value : JSON.stringify(value)]
}

/** An object as rows of names and values; objects within by dotted names, `details` as one JSON text. */
export const rowsOf = (object: JsonObject, prefix = ''): ReadonlyArray<Row> =>
  Object.entries(object).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && name !== 'details'
      ? rowsOf(value as JsonObject, `${prefix}${name}.`)
      : [rowOf(name, `${prefix}${name}`, value)]
  )
