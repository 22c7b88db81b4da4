import type { Conflict, Duplicate, Gone, InDoubt, Reserved } from '../answers.ts'
import type { Reserve } from '../commands.ts'
import { nextEpoch } from '../epoch.ts'
import type { EventOfType, LedgerEvent } from '../events/ledger-event.ts'
import { reservedAs } from '../evolve.ts'
import { invalidInput } from '../failure.ts'
import { after as momentAfter } from '../instant.ts'
import type { IdempotencyRecord } from '../record.ts'
import type { Ended, Held, State, Vacant } from '../state.ts'
import { type Decision, decided, decidedBy, needsPast, refused, type Settled, usedUp } from './decision.ts'
import { endReservation } from './end-reservation.ts'
import { type HeldRow, heldRow, type VacantRow, vacantRow } from './reserve-rows.ts'

type ReserveDecision = Decision<Reserved | Duplicate | InDoubt | Conflict | Gone>
type ReserveSettled = Settled<Reserved | Duplicate | InDoubt | Conflict | Gone>

const tooLate = refused(invalidInput('the lease ends beyond the safe integers', '$.lease'))

/** Counted from a completion it would end later still: said now, and not once the effect has happened. */
const keptTooLong = refused(invalidInput('the retention ends beyond the safe integers', '$.retentionMs'))

/** A takeover is a reserve after a holder that may have acted and left no outcome. */
export const isTakeover = ({ record, reason }: Ended): boolean => record.outcome === undefined && reason !== 'released'

const grant = (command: Reserve, record: IdempotencyRecord, ended: Ended | undefined): Reserved => ({
  _tag: 'Reserved',
  record,
  claim: { recordId: command.recordId, epoch: record.epoch, claimId: command.claimId },
  takeover: ended !== undefined && isTakeover(ended),
  ...(ended === undefined ? {} : { previous: ended.record })
})

/** Reserves a vacant key; `before` are the events that made it vacant just now. */
const take = (command: Reserve, vacant: Vacant, ...before: ReadonlyArray<LedgerEvent>): ReserveDecision => {
  const leaseEnd = command.lease === 'none' ? undefined : momentAfter(command.atMs, command.lease)
  if (leaseEnd === undefined && command.lease !== 'none') return tooLate
  if (command.retentionMs !== undefined && momentAfter(command.atMs, command.retentionMs) === undefined)
    return keptTooLong
  const { ended, claimHash: endedClaim, epoch: last } = vacant
  const epoch = nextEpoch(last)
  if (epoch === undefined) return usedUp
  const event: EventOfType<'Reserved'> = {
    type: 'Reserved',
    data: {
      atMs: command.atMs,
      recordId: command.recordId,
      tenant: command.tenant,
      operation: command.operation,
      key: command.key,
      owner: command.owner,
      requestFingerprint: command.requestFingerprint,
      firstSeenEventId: command.firstSeenEventId,
      expiresAtMs: command.expiresAtMs,
      retentionMs: command.retentionMs,
      leaseExpiresAtMs: leaseEnd,
      epoch,
      claimHash: command.claimHash,
      after: ended && {
        epoch: last,
        ...(endedClaim === undefined ? {} : { claimHash: endedClaim }),
        reason: ended.reason
      },
      // only who takes over by lease goes on with the same work
      recoveryPoints: ended?.reason === 'lease' ? ended.record.recoveryPoints : undefined
    }
  }
  const held = reservedAs(event, vacant)
  return decided(held, grant(command, held.record, ended), ...before, event)
}

/** A retry of one's own reserve is granted, with the answer of the first time. */
const grantAgain = (command: Reserve, state: Held, ended: Ended | undefined): ReserveSettled => {
  const asBefore = () => decided(state, grant(command, state.record, ended))
  if (command.lease === 'none') return asBefore()
  const until = momentAfter(command.atMs, command.lease)
  if (until === undefined) return tooLate
  const { leaseExpiresAtMs, epoch } = state.record
  if (leaseExpiresAtMs !== undefined && until <= leaseExpiresAtMs) return asBefore()
  const event: LedgerEvent = {
    type: 'LeaseRenewed',
    data: { atMs: command.atMs, epoch, claimHash: command.claimHash, leaseExpiresAtMs: until }
  }
  return decidedBy(state, event, state.record, (record) => grant(command, record, ended))
}

/** What the first time was answered is told by how the reservation before it ended, and that stands in the past. */
const grantOwn = (command: Reserve, state: Held): ReserveDecision => {
  const { after } = state
  return after === undefined
    ? grantAgain(command, state, undefined)
    : needsPast('whole', (past) => grantAgain(command, state, past.epochs.get(after.epoch)?.ended))
}

const seenAgain = (command: Reserve, state: Held, _tag: 'Duplicate' | 'InDoubt'): ReserveDecision => {
  const { atMs, owner } = command
  const event: LedgerEvent = { type: 'DuplicateSeen', data: { atMs, firstAtMs: atMs, count: 1, owners: [owner] } }
  return decidedBy(state, event, state.record, (record) => ({ _tag, record }))
}

const conflict = (command: Reserve, state: Held): ReserveDecision => {
  const { atMs, owner, requestFingerprint } = command
  const event: LedgerEvent = {
    type: 'ConflictRecorded',
    data: { atMs, firstAtMs: atMs, count: 1, owners: [owner], requestFingerprint }
  }
  return decidedBy(state, event, state.record, (record) => ({ _tag: 'Conflict', record }))
}

/** The key stays gone for as long as nobody may use it again. */
const stillGone = (command: Reserve, vacant: Vacant): ReserveDecision =>
  vacant.ended === undefined ? take(command, vacant) : decided(vacant, { _tag: 'Gone', previous: vacant.ended.record })

const gone = ({ atMs }: Reserve, state: Held): ReserveDecision => {
  const { vacant, event } = endReservation(state, { atMs, reason: 'retention' })
  return decided(vacant, { _tag: 'Gone', previous: state.record }, event)
}

const takeAfter =
  (reason: 'retention' | 'lease') =>
  (command: Reserve, state: Held): ReserveDecision => {
    const { vacant, event } = endReservation(state, { atMs: command.atMs, reason })
    return take(command, vacant, event)
  }

const seenAs =
  (_tag: 'Duplicate' | 'InDoubt') =>
  (command: Reserve, state: Held): ReserveDecision =>
    seenAgain(command, state, _tag)

type Row<S extends State> = (command: Reserve, state: S) => ReserveDecision

const inVacant: { readonly [row in VacantRow]: Row<Vacant> } = { free: take, stillGone }

const inHeld: { readonly [row in HeldRow]: Row<Held> } = {
  inDoubt: seenAs('InDoubt'),
  retentionOver: takeAfter('retention'),
  gone,
  otherRequest: conflict,
  replay: seenAs('Duplicate'),
  ownClaim: grantOwn,
  leaseOver: takeAfter('lease'),
  takeoverRefused: seenAs('Duplicate'),
  inFlight: seenAs('Duplicate')
}

/** The decision table of `reserve` (SPEC section 5): `reserve-rows.ts` says which row fits, and this what comes of it. */
export const decideReserve = (command: Reserve, state: State): ReserveDecision =>
  state._tag === 'Vacant'
    ? inVacant[vacantRow(command, state)](command, state)
    : inHeld[heldRow(command, state)](command, state)
