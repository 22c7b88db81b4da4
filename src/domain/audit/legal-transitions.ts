import { isInDoubt } from '../due.ts'
import type { EventOfType, EventType, LedgerEvent } from '../events/ledger-event.ts'
import { hasPoint, pointFault } from '../recovery-points.ts'
import { epochOf, type Held, type State } from '../state.ts'
import { isSameJson } from './same-json.ts'

/** What is wrong with an event: that it comes in this state at all, its epoch, or what it counts. */
export type Illegality = { readonly kind: 'transition' | 'epoch' | 'count'; readonly says: string }

type Data<T extends EventType> = EventOfType<T>['data']

/** What an event of one type must not be in the state before it. The first rule that it breaks is named. */
type Rule<T extends EventType> = Illegality & { readonly isBroken: (data: Data<T>, state: State) => boolean }

type Table = { readonly [T in EventType]: ReadonlyArray<Rule<T>> }

const whereHeld =
  <D>(isBroken: (data: D, held: Held) => boolean) =>
  (data: D, state: State): boolean =>
    state._tag === 'Held' && isBroken(data, state)

const isVacant = (_: unknown, state: State): boolean => state._tag === 'Vacant'

const isOfAnotherEpoch = whereHeld<{ readonly epoch: number }>(({ epoch }, { record }) => epoch !== record.epoch)

const starts: ReadonlyArray<Rule<'Reserved' | 'Imported'>> = [
  { kind: 'transition', says: 'starts a record on a key that is held', isBroken: (_, { _tag }) => _tag === 'Held' },
  { kind: 'epoch', says: 'is not of the next epoch', isBroken: ({ epoch }, state) => epoch !== epochOf(state) + 1 }
]

const sees: ReadonlyArray<Rule<'DuplicateSeen' | 'ConflictRecorded'>> = [
  { kind: 'transition', says: 'sees a key that nobody holds', isBroken: isVacant },
  { kind: 'count', says: 'names nobody', isBroken: ({ owners }) => owners.length === 0 },
  {
    kind: 'count',
    says: 'names somebody twice',
    isBroken: ({ owners }) => owners.length > 1 && new Set(owners).size < owners.length
  },
  { kind: 'count', says: 'names more owners than it counts', isBroken: ({ owners, count }) => owners.length > count }
]

const inheritsWrongly = ({ recoveryPoints }: Data<'Reserved'>, state: State): boolean => {
  const ended = state._tag === 'Vacant' ? state.ended : undefined
  return !isSameJson(recoveryPoints, ended?.reason === 'lease' ? ended.record.recoveryPoints : undefined)
}

const byHolder: ReadonlyArray<Rule<'LeaseRenewed' | 'RecoveryPointReached' | 'MarkedInDoubt'>> = [
  { kind: 'transition', says: 'is of a holder where nobody holds the key', isBroken: isVacant },
  { kind: 'epoch', says: 'is of another epoch than the one that holds the key', isBroken: isOfAnotherEpoch },
  {
    kind: 'transition',
    says: 'is under a claim that is not the holder’s',
    isBroken: whereHeld(({ claimHash }, held) => claimHash !== held.claimHash)
  },
  {
    kind: 'transition',
    says: 'comes after the outcome',
    isBroken: whereHeld((_, { record }) => record.outcome !== undefined)
  }
]

const followsWrongly = ({ after }: Data<'Reserved'>, state: State): boolean => {
  if (state._tag === 'Held') return false
  const { ended, epoch, claimHash } = state
  if (after === undefined || ended === undefined) return after !== undefined || ended !== undefined
  return after.epoch !== epoch || after.reason !== ended.reason || after.claimHash !== claimHash
}

/**
 * The transitions of a key's stream that `decide` can write, told by what each event must not be (SPEC sections 3 to 5).
 * The decision tables are held to it by test: they write nothing else.
 */
const table: Table = {
  Reserved: [
    ...starts,
    { kind: 'transition', says: 'tells wrongly which reservation it follows', isBroken: followsWrongly },
    { kind: 'transition', says: 'inherits other recovery points than it may', isBroken: inheritsWrongly }
  ],
  Imported: [
    ...starts,
    { kind: 'epoch', says: 'has two epochs', isBroken: ({ record, epoch }) => record.epoch !== epoch }
  ],
  DuplicateSeen: sees,
  ConflictRecorded: [
    {
      kind: 'transition',
      says: 'is of the fingerprint that holds the key',
      isBroken: whereHeld(({ requestFingerprint }, { record }) => requestFingerprint === record.requestFingerprint)
    },
    ...sees
  ],
  Completed: [
    { kind: 'transition', says: 'completes what nobody holds', isBroken: isVacant },
    { kind: 'epoch', says: 'is of another epoch than the one that holds the key', isBroken: isOfAnotherEpoch },
    {
      kind: 'transition',
      says: 'is under a claim that is not the holder’s',
      isBroken: whereHeld(({ claimHash }, held) => claimHash !== undefined && claimHash !== held.claimHash)
    },
    {
      kind: 'transition',
      says: 'replaces an outcome under a claim',
      isBroken: whereHeld(({ claimHash }, { record }) => claimHash !== undefined && record.outcome !== undefined)
    },
    {
      kind: 'transition',
      says: 'replaces an outcome that was written under a claim',
      isBroken: whereHeld((_, { fenced }) => fenced)
    }
  ],
  Expired: [
    { kind: 'transition', says: 'ends what nobody holds', isBroken: isVacant },
    { kind: 'epoch', says: 'is of another epoch than the one that holds the key', isBroken: isOfAnotherEpoch },
    {
      kind: 'transition',
      says: 'ends a retention that is not over',
      isBroken: whereHeld(
        ({ reason, atMs }, { record }) =>
          reason === 'retention' && (record.expiresAtMs === undefined || record.expiresAtMs > atMs)
      )
    },
    {
      kind: 'transition',
      says: 'ends by time what is in doubt',
      isBroken: whereHeld(
        ({ reason }, { record }) => (reason === 'retention' || reason === 'lease') && isInDoubt(record)
      )
    },
    {
      kind: 'transition',
      says: 'releases or takes over what is completed',
      isBroken: whereHeld(
        ({ reason }, { record }) => (reason === 'released' || reason === 'lease') && record.outcome !== undefined
      )
    },
    {
      kind: 'transition',
      says: 'ends a lease that runs',
      isBroken: whereHeld(
        ({ reason, atMs }, { record }) =>
          reason === 'lease' && (record.leaseExpiresAtMs === undefined || record.leaseExpiresAtMs > atMs)
      )
    }
  ],
  LeaseRenewed: [
    ...byHolder,
    {
      kind: 'transition',
      says: 'does not move the end of the lease on',
      isBroken: whereHeld(
        ({ leaseExpiresAtMs }, { record }) =>
          record.leaseExpiresAtMs !== undefined && record.leaseExpiresAtMs >= leaseExpiresAtMs
      )
    }
  ],
  RecoveryPointReached: [
    ...byHolder,
    {
      kind: 'transition',
      says: 'says nothing new',
      isBroken: whereHeld((point, { record }) => hasPoint(record.recoveryPoints, point))
    },
    {
      kind: 'count',
      says: 'is more than a record holds',
      isBroken: whereHeld((point, { record }) => pointFault(record.recoveryPoints, point) !== undefined)
    }
  ],
  MarkedInDoubt: [
    ...byHolder,
    { kind: 'transition', says: 'is said twice', isBroken: whereHeld((_, { record }) => record.inDoubt !== undefined) }
  ],
  CompletionRejected: [
    { kind: 'transition', says: 'rejects a completion before any reservation', isBroken: (_, s) => epochOf(s) === 0 },
    {
      kind: 'epoch',
      says: 'is of an epoch that is yet to come',
      isBroken: ({ epoch = 0 }, state) => epoch > epochOf(state)
    },
    {
      kind: 'epoch',
      says: 'names the current epoch wrongly',
      isBroken: ({ currentEpoch }, state) => currentEpoch !== (state._tag === 'Held' ? state.record.epoch : undefined)
    }
  ]
}

/**
 * Whether a reservation was ended by its lease, and nobody holds the key yet: both are written in one append, so nothing
 * but a `Reserved` follows, and no stream ends so.
 */
export const isMidTakeover = (state: State): boolean => state._tag === 'Vacant' && state.ended?.reason === 'lease'

const interrupted: Illegality = { kind: 'transition', says: 'comes where the end of a lease must be taken over' }

/** Why an event cannot follow on a state; nothing where it can. Pure and total. */
export const illegality = (state: State, { type, data }: LedgerEvent): Illegality | undefined => {
  if (type !== 'Reserved' && isMidTakeover(state)) return interrupted
  // the rules are those of the event's own type; TypeScript cannot tie the two
  const rules: ReadonlyArray<Illegality & { readonly isBroken: (data: never, state: State) => boolean }> = table[type]
  const broken = rules.find(({ isBroken }) => isBroken(data as never, state))
  return broken && { kind: broken.kind, says: broken.says }
}
