import type { EventOfType, LedgerEvent } from '../../src/domain/events/ledger-event.ts'
import { apply } from '../../src/domain/evolve.ts'
import { epochOf, type State } from '../../src/domain/state.ts'

// The legal transitions, written down a second time, from SPEC sections 3 and 5 and not from the code.

type Faults = Array<string>

const starts = (state: State, epoch: number, faults: Faults): void => {
  if (state._tag === 'Held') faults.push('starts a record on a key that is held')
  if (epoch !== epochOf(state) + 1) faults.push('is not of the next epoch')
}

const reserved = ({ data }: EventOfType<'Reserved'>, state: State, faults: Faults): void => {
  starts(state, data.epoch, faults)
  if (state._tag !== 'Vacant') return
  const { after } = data
  const due = state.ended?.reason === 'lease' ? state.ended.record.recoveryPoints : undefined
  if (JSON.stringify(data.recoveryPoints) !== JSON.stringify(due)) faults.push('inherits other points than it may')
  if ((after === undefined) !== (state.ended === undefined)) faults.push('does not tell what it follows')
  if (after === undefined || state.ended === undefined) return
  if (after.epoch !== state.epoch || after.reason !== state.ended.reason || after.claimHash !== state.claimHash) {
    faults.push('tells wrongly what it follows')
  }
}

const observed = ({ data }: EventOfType<'DuplicateSeen' | 'ConflictRecorded'>, state: State, faults: Faults): void => {
  if (state._tag === 'Vacant') faults.push('observes nothing')
  if (!Number.isSafeInteger(data.count) || data.count < 1) faults.push('counts none')
  const { owners } = data
  if (owners.length < 1 || owners.length > 16 || new Set(owners).size !== owners.length)
    faults.push('names owners wrongly')
  if (owners.length > data.count) faults.push('names more owners than it counts')
}

const completed = ({ data }: EventOfType<'Completed'>, state: State, faults: Faults): void => {
  if (state._tag === 'Vacant' || data.epoch !== state.record.epoch)
    return void faults.push('completes what nobody holds')
  if (data.claimHash !== undefined && data.claimHash !== state.claimHash)
    faults.push('is under a claim that is not the holder’s')
  if (data.claimHash !== undefined && state.record.outcome !== undefined)
    faults.push('replaces an outcome under a claim')
  if (state.fenced) faults.push('replaces an outcome that was written under a claim')
}

const expired = (
  { data }: EventOfType<'Expired'>,
  state: State,
  next: LedgerEvent | undefined,
  faults: Faults
): void => {
  if (state._tag === 'Vacant' || data.epoch !== state.record.epoch) return void faults.push('ends what nobody holds')
  const { outcome, expiresAtMs, leaseExpiresAtMs } = state.record
  if (data.reason === 'retention' && (expiresAtMs === undefined || expiresAtMs > data.atMs)) faults.push('is not due')
  const inDoubt = outcome === undefined && state.record.inDoubt !== undefined
  if (inDoubt && (data.reason === 'retention' || data.reason === 'lease')) faults.push('ends what is in doubt')
  if (data.reason === 'released' && outcome !== undefined) faults.push('releases what is completed')
  if (data.reason !== 'lease') return
  if (outcome !== undefined) faults.push('takes over what is completed')
  if (leaseExpiresAtMs === undefined || leaseExpiresAtMs > data.atMs) faults.push('ends a lease that runs')
  if (next?.type !== 'Reserved') faults.push('ends a lease without a takeover in the same append')
}

const renewed = ({ data }: EventOfType<'LeaseRenewed'>, state: State, faults: Faults): void => {
  if (state._tag === 'Vacant' || data.epoch !== state.record.epoch) return void faults.push('renews what nobody holds')
  if (data.claimHash !== state.claimHash) faults.push('renews under another claim')
  if (state.record.outcome !== undefined) faults.push('renews what is completed')
  if ((state.record.leaseExpiresAtMs ?? -1) >= data.leaseExpiresAtMs) faults.push('does not move the end forward')
}

const byHolder = (
  { data }: EventOfType<'RecoveryPointReached' | 'MarkedInDoubt'>,
  state: State,
  faults: Faults
): void => {
  if (state._tag === 'Vacant' || data.epoch !== state.record.epoch) return void faults.push('is of what nobody holds')
  if (data.claimHash !== state.claimHash) faults.push('is under another claim')
  if (state.record.outcome !== undefined) faults.push('comes after the outcome')
}

const pointed = (event: EventOfType<'RecoveryPointReached'>, state: State, faults: Faults): void => {
  byHolder(event, state, faults)
  const { name, data } = event.data
  const points = (state._tag === 'Held' ? state.record.recoveryPoints : undefined) ?? []
  const others = points.filter((point) => point.name !== name)
  if (others.length >= 100) faults.push('is one too many')
  if (Buffer.byteLength(JSON.stringify([...others, { name, data }])) > 65_536)
    faults.push('is too large with the others')
  if (JSON.stringify(points.find((point) => point.name === name)) === JSON.stringify({ name, data })) {
    faults.push('says nothing new')
  }
}

const faultsOf = (event: LedgerEvent, state: State, next: LedgerEvent | undefined): Faults => {
  const faults: Faults = []
  switch (event.type) {
    case 'Reserved':
      reserved(event, state, faults)
      break
    case 'Imported':
      starts(state, event.data.epoch, faults)
      if (event.data.record.epoch !== event.data.epoch) faults.push('has two epochs')
      break
    case 'ConflictRecorded':
      if (state._tag === 'Held' && state.record.requestFingerprint === event.data.requestFingerprint) {
        faults.push('is no conflict')
      }
      observed(event, state, faults)
      break
    case 'DuplicateSeen':
      observed(event, state, faults)
      break
    case 'Completed':
      completed(event, state, faults)
      break
    case 'Expired':
      expired(event, state, next, faults)
      break
    case 'LeaseRenewed':
      renewed(event, state, faults)
      break
    case 'RecoveryPointReached':
      pointed(event, state, faults)
      break
    case 'MarkedInDoubt':
      byHolder(event, state, faults)
      if (state._tag === 'Held' && state.record.inDoubt !== undefined) faults.push('is said twice')
      break
    case 'CompletionRejected':
      if (epochOf(state) === 0) faults.push('begins a stream')
      if ((event.data.epoch ?? 0) > epochOf(state)) faults.push('is of an epoch to come')
      if (event.data.currentEpoch !== (state._tag === 'Held' ? state.record.epoch : undefined)) {
        faults.push('names the current epoch wrongly')
      }
  }
  return faults.map((fault) => `${event.type} ${fault}`)
}

/** What is illegal about the events of one append to a stream in this state; none where all of it is legal. */
export const illegalities = (before: State, append: ReadonlyArray<LedgerEvent>): ReadonlyArray<string> => {
  let state = before
  return append.flatMap((event, index) => {
    const faults = faultsOf(event, state, append[index + 1])
    state = apply(state, event)
    return faults
  })
}
