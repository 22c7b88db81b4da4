import { expect } from 'vitest'
import type { RecordedEvent } from '../../src/application/ports/event-store.ts'
import type { Answer } from '../../src/domain/answers.ts'
import type { EventOfType, EventType, IdentifiedEvent } from '../../src/domain/events/ledger-event.ts'
import { evolve } from '../../src/domain/evolve.ts'
import type { IdempotencyRecord } from '../../src/domain/record.ts'
import { initialState, recordOf, type State } from '../../src/domain/state.ts'
import { hashOf, holderOf } from '../arbitraries/examples.ts'
import { illegalities } from '../arbitraries/legal.ts'
import { hashFaults } from '../support/hash-chain.ts'
import { streamOf } from '../support/scripted-ledger.ts'
import type { Said } from './client.ts'
import { decoded } from './unruly-store.ts'

/** A key's stream as it stood in the end, and the state after each of its events. */
export type Lived = {
  readonly key: string
  readonly recorded: ReadonlyArray<RecordedEvent>
  readonly events: ReadonlyArray<IdentifiedEvent>
  readonly states: ReadonlyArray<State>
}

export const lived = (key: string, recorded: ReadonlyArray<RecordedEvent>): Lived => {
  const events = decoded(recorded)
  const states: Array<State> = [initialState]
  for (const event of events) states.push(evolve(states.at(-1) ?? initialState, event))
  return { key, recorded, events, states }
}

const all = <T extends EventType>({ events }: Lived, type: T): ReadonlyArray<EventOfType<T>['data']> =>
  events.flatMap((event) => (event.type === type ? [event.data as EventOfType<T>['data']] : []))

/** The stream itself: whole, legal, and each epoch once. */
export const isSound = (one: Lived): void => {
  expect(hashFaults(streamOf(one.key), one.recorded)).toEqual([])
  expect(illegalities(initialState, one.events)).toEqual([])
  const epochs = all(one, 'Reserved').map(({ epoch }) => epoch)
  expect(epochs).toEqual(epochs.map((_, index) => index + 1))
}

/** What stands in the way of anything of a record but the counts, which answers in the middle of a batch differ in. */
const outline = (record: IdempotencyRecord | undefined): unknown =>
  record && [
    record.epoch,
    record.owner,
    record.leaseExpiresAtMs,
    record.outcome,
    record.conflictFingerprints,
    record.recoveryPoints,
    record.inDoubt
  ]

/** Answers whose record is the current one, as of a moment after the command was said; or none, where nobody holds the key. */
const current: ReadonlyArray<Answer['_tag']> = [
  'Reserved',
  'Duplicate',
  'InDoubt',
  'Conflict',
  'Completed',
  'AlreadyCompleted',
  'ClaimLost',
  'CompletedByKey',
  'Renewed',
  'Reached',
  'Marked',
  'Expired',
  'NotDue'
]

/** The record of an answer is the fold of the stream at some moment, and no moment before the command was said. */
const isFresh = ({ answer, since }: Said, { states }: Lived): void => {
  if (answer === undefined) return
  const outlines = (some: ReadonlyArray<State>) =>
    some.map((state) => JSON.stringify(outline(recordOf(state)) ?? 'nobody'))
  const record = 'record' in answer ? answer.record : undefined
  if (current.includes(answer._tag)) {
    expect(outlines(states.slice(since))).toContain(JSON.stringify(outline(record) ?? 'nobody'))
  } else if (record !== undefined) {
    expect(outlines(states)).toContain(JSON.stringify(outline(record)))
  }
}

const holdsClaim = ({ key, mark, answer, granted }: Said, one: Lived): void => {
  if (answer?._tag === 'Reserved') {
    const { epoch, claimId } = answer.claim
    const written = one.events.find(({ type, data }) => type === 'Reserved' && data.epoch === epoch)
    // a claim whose write was in doubt is granted only after the stream was folded again, and no outcome was there
    if (granted?.doubted.has(written?.id ?? '')) expect(granted.wasCurrent).toBe(true)
    expect(all(one, 'Reserved').filter((data) => data.epoch === epoch)).toMatchObject([{ claimHash: hashOf(claimId) }])
    expect(claimId, key).toBe(mark)
  }
  // the rightful holder is never told that somebody else is at work
  if (answer?._tag === 'Duplicate' && answer.record.outcome === undefined) {
    const holder = all(one, 'Reserved').find(({ epoch }) => epoch === answer.record.epoch)
    expect(holder?.claimHash).not.toBe(hashOf(mark))
  }
}

const ofOutcome = (mark: string) => (data: { readonly outcome: { readonly primaryRefId?: string } }) =>
  data.outcome.primaryRefId === mark

/** Whatever was acknowledged is in the stream, once; what must not count never replaced anything. */
const isKept = ({ kind, mark, claim, answer }: Said, one: Lived): void => {
  const completed = all(one, 'Completed').filter(ofOutcome(mark))
  const rejected = all(one, 'CompletionRejected').filter(ofOutcome(mark))
  expect(completed.length).toBeLessThanOrEqual(1)
  expect(rejected.length).toBeLessThanOrEqual(1)
  // under a claim the same outcome may come again, and then too late
  if (claim === undefined) expect(completed.length + rejected.length).toBeLessThanOrEqual(1)
  switch (answer?._tag) {
    case 'Completed':
      expect(completed).toHaveLength(1)
      if (claim !== undefined) expect(completed).toMatchObject([holderOf(claim.epoch, claim.claimId)])
      break
    case 'ClaimLost':
      if (kind === 'complete' || kind === 'completeAgain') expect(rejected).toHaveLength(1)
      break
    case 'AlreadyCompleted':
      expect(completed).toEqual([])
      break
    case 'Released':
      expect(all(one, 'Expired')).toContainEqual(expect.objectContaining({ epoch: claim?.epoch, reason: 'released' }))
      break
    case 'Renewed': {
      const ends = [...all(one, 'LeaseRenewed'), ...all(one, 'Reserved')]
      expect(
        ends.filter(({ epoch }) => epoch === claim?.epoch).map(({ leaseExpiresAtMs }) => leaseExpiresAtMs)
      ).toContain(answer.leaseExpiresAtMs)
      break
    }
    case 'Reached':
      expect(all(one, 'RecoveryPointReached').filter(({ data }) => data === mark)).toMatchObject([
        claim && holderOf(claim.epoch, claim.claimId)
      ])
      break
    case 'Marked':
      expect(all(one, 'MarkedInDoubt')).toContainEqual(expect.objectContaining({ epoch: claim?.epoch }))
      break
    case 'Expired':
      expect(all(one, 'Expired').map(({ epoch }) => epoch)).toContain(answer.record.epoch)
  }
}

/** Failures after which it is certain that nothing was written. */
const definite = ['Contended', 'StoreBusy', 'StoreTimeout', 'Overloaded', 'UnknownClaim', 'Aborted', 'InvalidInput']

/** What failed for certain left nothing in the stream, unless the same was said again. */
export const leftNothing = (said: ReadonlyArray<Said>, one: Lived): void => {
  for (const { mark, failed } of said) {
    if (failed === undefined || !definite.includes(failed._tag)) continue
    if (said.filter((other) => other.mark === mark).length > 1) continue
    expect(one.recorded.filter(({ data }) => data.includes(`"${mark}"`))).toEqual([])
  }
}

/** Whoever was granted a claim was granted it on a key that was in no doubt, and whoever was told of a doubt told of one. */
const tellsOfDoubt = ({ answer }: Said): void => {
  if (answer?._tag === 'InDoubt') {
    expect(answer.record.inDoubt).toBeDefined()
    expect(answer.record.outcome).toBeUndefined()
  }
  if (answer?._tag === 'Reserved') expect(answer.record.inDoubt).toBeUndefined()
}

/** What was said to the clients is true of the stream. */
export const isTrue = (said: Said, one: Lived): void => {
  holdsClaim(said, one)
  tellsOfDoubt(said)
  isKept(said, one)
  isFresh(said, one)
}

/** Nobody was granted an epoch that another was granted. */
export const oneClaimAnEpoch = (said: ReadonlyArray<Said>): void => {
  const granted = new Map<string, string>()
  for (const { key, answer } of said) {
    if (answer?._tag !== 'Reserved') continue
    const epoch = `${key} ${answer.claim.epoch}`
    expect(granted.get(epoch) ?? answer.claim.claimId).toBe(answer.claim.claimId)
    granted.set(epoch, answer.claim.claimId)
  }
}

/** No sighting is counted twice, however often its write was in doubt. */
export const nothingCountedTwice = (said: ReadonlyArray<Said>, one: Lived): void => {
  const reserves = said.filter(({ key, kind }) => key === one.key && kind.startsWith('reserve'))
  const seen = [...all(one, 'DuplicateSeen'), ...all(one, 'ConflictRecorded')].reduce(
    (sum, { count }) => sum + count,
    0
  )
  expect(seen).toBeLessThanOrEqual(reserves.length)
}
