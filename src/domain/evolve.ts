import { absurd } from 'fp-ts/function'
import { plus } from './count.ts'
import type { EventOfType, IdentifiedEvent, LedgerEvent } from './events/ledger-event.ts'
import { noRejections, withEarlier, withRejection } from './evidence.ts'
import { latest } from './instant.ts'
import { type IdempotencyRecord, maxConflictFingerprints, noFingerprints, remade } from './record.ts'
import { withPoint } from './recovery-points.ts'
import { epochOf, type Held, initialState, type State, type Vacant } from './state.ts'

// Objects are written out field by field throughout: see `remade`.

type EventId = string | undefined

const held = (state: Held, record: IdempotencyRecord, fenced: boolean, lastEventId: EventId): Held => ({
  _tag: 'Held',
  record,
  claimHash: state.claimHash,
  fenced,
  retentionMs: state.retentionMs,
  after: state.after,
  earlier: state.earlier,
  rejections: state.rejections,
  lastEventId
})

/** The same state, with the id of the event that it is now the state after. */
export const withLastEvent = (state: State, lastEventId: EventId): State => {
  if (state._tag === 'Held') return held(state, state.record, state.fenced, lastEventId)
  const { epoch, ended, claimHash, earlier, rejections } = state
  return { _tag: 'Vacant', epoch, ended, claimHash, earlier, rejections, lastEventId }
}

/** The claims before an epoch. Over a gap, which keyfold never leaves, nothing is remembered. */
const earlierAt = (epoch: number, before: State): string | undefined => {
  if (epoch === 1) return ''
  if (before.earlier === undefined) return undefined
  return epoch === epochOf(before) + 1 ? withEarlier(before.earlier, before.claimHash) : ''
}

/** How a reservation begins, whatever was before it. */
export const reservedAs = (
  { data }: EventOfType<'Reserved'>,
  before: State,
  lastEventId: EventId = before.lastEventId
): Held => ({
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
    conflictFingerprints: noFingerprints,
    duplicateCount: 0,
    epoch: data.epoch,
    leaseExpiresAtMs: data.leaseExpiresAtMs,
    recoveryPoints: data.recoveryPoints,
    inDoubt: undefined
  },
  claimHash: data.claimHash,
  fenced: false,
  retentionMs: data.retentionMs,
  after: data.after,
  earlier: earlierAt(data.epoch, before),
  rejections: noRejections,
  lastEventId
})

const imported = ({ data }: EventOfType<'Imported'>, before: State, lastEventId: EventId): Held => ({
  _tag: 'Held',
  record: { ...data.record, epoch: data.epoch },
  claimHash: undefined,
  fenced: false,
  retentionMs: undefined,
  after: undefined,
  earlier: earlierAt(data.epoch, before),
  rejections: noRejections,
  lastEventId
})

/** How a reservation ends. */
export const expired = (
  { record, claimHash, earlier, rejections, lastEventId }: Held,
  { data: { reason } }: EventOfType<'Expired'>,
  id: EventId = lastEventId
): Vacant => ({
  _tag: 'Vacant',
  epoch: record.epoch,
  ended: { record, reason },
  claimHash,
  earlier,
  rejections,
  lastEventId: id
})

/** A completion was rejected: that it was is all that is kept of it. */
const rejected = (state: State, { data }: EventOfType<'CompletionRejected'>, lastEventId: EventId): State => ({
  ...state,
  rejections: withRejection(state.rejections, data, data.outcome),
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
    duplicateCount: plus(record.duplicateCount, data.count),
    leaseExpiresAtMs: record.leaseExpiresAtMs,
    recoveryPoints: record.recoveryPoints,
    inDoubt: record.inDoubt
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
    conflictCount: plus(record.conflictCount, data.count),
    conflictFingerprints: listed(record.conflictFingerprints, data.requestFingerprint),
    duplicateCount: record.duplicateCount,
    leaseExpiresAtMs: record.leaseExpiresAtMs,
    recoveryPoints: record.recoveryPoints,
    inDoubt: record.inDoubt
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
    leaseExpiresAtMs: record.leaseExpiresAtMs,
    recoveryPoints: record.recoveryPoints,
    inDoubt: undefined
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
        : latest(record.leaseExpiresAtMs, data.leaseExpiresAtMs),
    recoveryPoints: record.recoveryPoints,
    inDoubt: record.inDoubt
  })

const reached = (record: IdempotencyRecord, { data }: EventOfType<'RecoveryPointReached'>): IdempotencyRecord =>
  remade(record, {
    status: record.status,
    lastSeenAtMs: record.lastSeenAtMs,
    expiresAtMs: record.expiresAtMs,
    outcome: record.outcome,
    conflictCount: record.conflictCount,
    conflictFingerprints: record.conflictFingerprints,
    duplicateCount: record.duplicateCount,
    leaseExpiresAtMs: record.leaseExpiresAtMs,
    recoveryPoints: withPoint(record.recoveryPoints, data),
    inDoubt: record.inDoubt
  })

const marked = (record: IdempotencyRecord, { data }: EventOfType<'MarkedInDoubt'>): IdempotencyRecord =>
  remade(record, {
    status: record.status,
    lastSeenAtMs: record.lastSeenAtMs,
    expiresAtMs: record.expiresAtMs,
    outcome: record.outcome,
    conflictCount: record.conflictCount,
    conflictFingerprints: record.conflictFingerprints,
    duplicateCount: record.duplicateCount,
    leaseExpiresAtMs: record.leaseExpiresAtMs,
    recoveryPoints: record.recoveryPoints,
    inDoubt: { sinceMs: data.atMs, ...(data.note === undefined ? {} : { note: data.note }) }
  })

const step = (state: State, event: LedgerEvent, id: EventId): State => {
  switch (event.type) {
    case 'Reserved':
      return event.data.epoch > epochOf(state) ? reservedAs(event, state, id) : withLastEvent(state, id)
    case 'Imported':
      return event.data.epoch > epochOf(state) ? imported(event, state, id) : withLastEvent(state, id)
    case 'CompletionRejected':
      return rejected(state, event, id)
  }
  if (state._tag === 'Vacant') return withLastEvent(state, id)
  const { record } = state
  switch (event.type) {
    case 'DuplicateSeen':
      return held(state, duplicated(record, event), state.fenced, id)
    case 'ConflictRecorded':
      return held(state, conflicted(record, event), state.fenced, id)
  }
  if (event.data.epoch !== record.epoch) return withLastEvent(state, id)
  switch (event.type) {
    case 'Completed':
      return held(state, completed(record, event), event.data.claimHash !== undefined, id)
    case 'LeaseRenewed':
      return held(state, renewed(record, event), state.fenced, id)
    case 'RecoveryPointReached':
      return held(state, reached(record, event), state.fenced, id)
    case 'MarkedInDoubt':
      return held(state, marked(record, event), state.fenced, id)
    case 'Expired':
      return expired(state, event, id)
    default:
      return absurd(event)
  }
}

/** The state after an event that has no id yet. */
export const apply = (state: State, event: LedgerEvent): State => step(state, event, state.lastEventId)

/**
 * The state after one more event. Total: never throws, never mutates. An event of another epoch changes nothing, and
 * neither does an event with the id of the one before it. One that has no id yet is taken as `apply` takes it.
 */
export const evolve = (
  state: State,
  event: LedgerEvent & {
    /** Under which its stream holds it. */
    readonly id?: string | undefined
  }
): State => {
  if (event.id === undefined) return apply(state, event)
  return event.id === state.lastEventId ? state : step(state, event, event.id)
}

/** The state of a key whose stream holds these events. */
export const fold = (events: ReadonlyArray<IdentifiedEvent>, from: State = initialState): State =>
  events.reduce(evolve, from)
