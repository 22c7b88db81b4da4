import { currentVersion } from '../../src/domain/events/codecs.ts'
import { claimHash, type EventType, type FailureTag, type RecordedEvent } from '../../src/index.ts'
import { chained, type Unchained } from '../support/hash-chain.ts'
import { judge } from './judge.ts'
import { type Told, tookMs } from './told.ts'

// The pieces that tests of the judge put together: events of one key's stream, and what was told about the key.

const recordId = `idem_${'0'.repeat(64)}`
export const category = 'chaos'
export const claim = { recordId, epoch: 1, claimId: 'claim-1' }
const held = { epoch: 1, claimHash: claimHash('claim-1') }
const other = { recordId, epoch: 2, claimId: 'claim-2' }
export const otherHeld = { epoch: 2, claimHash: claimHash('claim-2') }
export const untilMs = 9000

export const reserved = (owner: string, under: typeof held): Unchained => ({
  type: 'Reserved',
  data: {
    atMs: 1000,
    recordId,
    tenant: { orgId: 'o', workspaceId: 'w', source: 'explicit' },
    operation: 'op',
    key: 'key',
    owner,
    requestFingerprint: 'request',
    leaseExpiresAtMs: 2000,
    ...under
  }
})
export const sighting = (type: string, owner: string, count = 1): Unchained => ({
  type,
  data: { atMs: 1100, firstAtMs: 1100, count, owners: [owner], requestFingerprint: 'another' }
})
export const renewed: Unchained = { type: 'LeaseRenewed', data: { atMs: 1200, ...held, leaseExpiresAtMs: untilMs } }
const outcomeOf = (mark: string) => ({ outcomeKind: 'done', completedAtMs: 1300, details: { mark } })
export const completed = (mark: string, under = held): Unchained => ({
  type: 'Completed',
  data: { atMs: 1300, ...under, outcome: outcomeOf(mark) }
})
export const rejected = (mark: string): Unchained => ({
  type: 'CompletionRejected',
  data: { atMs: 1400, ...held, currentEpoch: 2, outcome: outcomeOf(mark) }
})
export const expired = (reason: string, note?: string): Unchained => ({
  type: 'Expired',
  data: { atMs: 1250, epoch: 1, reason, ...(note !== undefined && { note }) }
})

const told = (mark: string, asked: Told['asked'], answer: Told['answer']): Told => ({
  recordId,
  mark,
  asked,
  answer,
  beganAt: 0,
  endedAt: 10
})
export const failed = (tag: FailureTag): Told['answer'] => ({ _tag: 'Failed', tag })
export const reserve = (mark: string, answer: Told['answer'], claimId = `of ${mark}`): Told =>
  told(mark, { do: 'reserve', claimId }, answer)
export const granted = reserve('a', { _tag: 'Reserved', claim }, 'claim-1')
export const otherGranted = reserve('b', { _tag: 'Reserved', claim: other }, 'claim-2')
export const renew = (answer: Told['answer']): Told => told('r', { do: 'renew', claim, untilMs }, answer)
export const release = (answer: Told['answer']): Told => told('l', { do: 'release', claim }, answer)
export const complete = (mark: string, answer: Told['answer']): Told => told(mark, { do: 'complete', claim }, answer)

export type Case = {
  readonly events: ReadonlyArray<Unchained>
  readonly told: ReadonlyArray<Told>
  readonly fault?: string
}

const stream = `${category}-${recordId}`

/** The events as a store holds them. */
export const written = (events: ReadonlyArray<Unchained>): ReadonlyArray<RecordedEvent> =>
  chained(
    stream,
    events.map((event) => ({ ...event, metadata: { schemaVersion: currentVersion(event.type as EventType) } }))
  ).map((event, index) => ({
    ...event,
    stream,
    revision: BigInt(index),
    position: String(index),
    recordedAtMs: 0
  }))

export const faultsIn = (
  recorded: ReadonlyArray<RecordedEvent>,
  told: ReadonlyArray<Told>,
  atMostMs = 100
): ReadonlyArray<string> =>
  judge({
    category,
    told,
    streams: new Map([[stream, recorded]]),
    isLate: (one) => tookMs(one) > atMostMs
  }).map(({ fault }) => fault)

export const faultsOf = ({ events, told }: Case): ReadonlyArray<string> => faultsIn(written(events), told)

export const first = reserved('a', held)
export const takenOver = [first, expired('lease'), reserved('b', otherHeld)]
