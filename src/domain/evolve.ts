import { absurd } from 'fp-ts/function'
import type { EventOfType, IdentifiedEvent, LedgerEvent } from './events/ledger-event.ts'
import { latest } from './instant.ts'
import { type IdempotencyRecord, maxConflictFingerprints, remade } from './record.ts'
import { epochOf, type Held, initialState, type State } from './state.ts'

// Objects are written out field by field throughout: see `remade`.

type EventId = string | undefined

const held = (state: Held, record: IdempotencyRecord, fenced: boolean, lastEventId: EventId): Held => ({
  _tag: 'Held',
  record,
  claimId: state.claimId,
  fenced,
  retentionMs: state.retentionMs,
  after: state.after,
  lastEventId
})

/** The same state, one event later. */
const unchanged = (state: State, lastEventId: EventId): State => {
  if (state._tag === 'Held') return held(state, state.record, state.fenced, lastEventId)
  return { _tag: 'Vacant', epoch: state.epoch, ended: state.ended, claimId: state.claimId, lastEventId }
}

const reserved = ({ data }: EventOfType<'Reserved'>, lastEventId: EventId): Held => ({
  _tag: 'Held',
  record: {
    recordId: data.recordId,
    tenant: data.tenant,
    operation: data.operation,
    key: data.key,
    owner: data.owner,
    requestFingerprint: data.requestFingerprint,
    status: 'reserved',
    firstSeenAtMs: data.atMs,
    lastSeenAtMs: data.atMs,
    firstSeenEventId: data.firstSeenEventId,
    expiresAtMs: data.expiresAtMs,
    outcome: undefined,
    conflictCount: 0,
    conflictFingerprints: [],
    duplicateCount: 0,
    epoch: data.epoch,
    leaseExpiresAtMs: data.leaseExpiresAtMs
  },
  claimId: data.claimId,
  fenced: false,
  retentionMs: data.retentionMs,
  after: data.after,
  lastEventId
})

const imported = ({ data }: EventOfType<'Imported'>, lastEventId: EventId): Held => ({
  _tag: 'Held',
  record: { ...data.record, epoch: data.epoch },
  claimId: undefined,
  fenced: false,
  retentionMs: undefined,
  after: undefined,
  lastEventId
})

const duplicated = (record: IdempotencyRecord, { data }: EventOfType<'DuplicateSeen'>): IdempotencyRecord =>
  remade(record, {
    status: record.status,
    lastSeenAtMs: data.atMs,
    expiresAtMs: record.expiresAtMs,
    outcome: record.outcome,
    conflictCount: record.conflictCount,
    conflictFingerprints: record.conflictFingerprints,
    duplicateCount: record.duplicateCount + data.count,
    leaseExpiresAtMs: record.leaseExpiresAtMs
  })

const listed = (fingerprints: ReadonlyArray<string>, fingerprint: string): ReadonlyArray<string> =>
  fingerprints.length >= maxConflictFingerprints || fingerprints.includes(fingerprint)
    ? fingerprints
    : [...fingerprints, fingerprint]

const conflicted = (record: IdempotencyRecord, { data }: EventOfType<'ConflictRecorded'>): IdempotencyRecord =>
  remade(record, {
    status: 'conflicted',
    lastSeenAtMs: data.atMs,
    expiresAtMs: record.expiresAtMs,
    outcome: record.outcome,
    conflictCount: record.conflictCount + data.count,
    conflictFingerprints: listed(record.conflictFingerprints, data.requestFingerprint),
    duplicateCount: record.duplicateCount,
    leaseExpiresAtMs: record.leaseExpiresAtMs
  })

const completed = (record: IdempotencyRecord, { data }: EventOfType<'Completed'>): IdempotencyRecord =>
  remade(record, {
    status: 'completed',
    lastSeenAtMs: data.atMs,
    expiresAtMs: data.expiresAtMs ?? record.expiresAtMs,
    outcome: data.outcome,
    conflictCount: record.conflictCount,
    conflictFingerprints: record.conflictFingerprints,
    duplicateCount: record.duplicateCount,
    leaseExpiresAtMs: record.leaseExpiresAtMs
  })

const renewed = (record: IdempotencyRecord, { data }: EventOfType<'LeaseRenewed'>): IdempotencyRecord =>
  remade(record, {
    status: record.status,
    lastSeenAtMs: record.lastSeenAtMs,
    expiresAtMs: record.expiresAtMs,
    outcome: record.outcome,
    conflictCount: record.conflictCount,
    conflictFingerprints: record.conflictFingerprints,
    duplicateCount: record.duplicateCount,
    leaseExpiresAtMs:
      record.leaseExpiresAtMs === undefined
        ? data.leaseExpiresAtMs
        : latest(record.leaseExpiresAtMs, data.leaseExpiresAtMs)
  })

const step = (state: State, event: LedgerEvent, id: EventId): State => {
  if (event.type === 'Reserved') return event.data.epoch > epochOf(state) ? reserved(event, id) : unchanged(state, id)
  if (event.type === 'Imported') return event.data.epoch > epochOf(state) ? imported(event, id) : unchanged(state, id)
  if (state._tag === 'Vacant') return unchanged(state, id)
  const { record } = state
  switch (event.type) {
    case 'DuplicateSeen':
      return held(state, duplicated(record, event), state.fenced, id)
    case 'ConflictRecorded':
      return held(state, conflicted(record, event), state.fenced, id)
    case 'CompletionRejected':
      return unchanged(state, id)
  }
  if (event.data.epoch !== record.epoch) return unchanged(state, id)
  switch (event.type) {
    case 'Completed':
      return held(state, completed(record, event), event.data.claimId !== undefined, id)
    case 'LeaseRenewed':
      return held(state, renewed(record, event), state.fenced, id)
    case 'Expired': {
      const ended = { record, reason: event.data.reason }
      return { _tag: 'Vacant', epoch: record.epoch, ended, claimId: state.claimId, lastEventId: id }
    }
    default:
      return absurd(event)
  }
}

/** The state after an event that has no id yet. */
export const apply = (state: State, event: LedgerEvent): State => step(state, event, state.lastEventId)

/**
 * The state after one more event. Total: never throws, never mutates. An event of another epoch changes nothing, and
 * neither does an event with the id of the one before it.
 */
export const evolve = (state: State, event: IdentifiedEvent): State =>
  event.id === state.lastEventId ? state : step(state, event, event.id)

/** The state of a key whose stream holds these events. */
export const fold = (events: ReadonlyArray<IdentifiedEvent>, from: State = initialState): State =>
  events.reduce(evolve, from)
