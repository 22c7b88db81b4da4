import * as E from 'fp-ts/Either'
import { expect } from 'vitest'
import { sha256 } from '../../src/adapters/node/sha256.ts'
import type { EventStore, LogPage } from '../../src/application/ports/event-store.ts'
import { type DecodedEvent, decodeRecorded, genesisHash } from '../../src/application/stream/event-text.ts'
import { hashOf } from '../arbitraries/examples.ts'
import type { Acknowledged } from './callers.ts'

type Streams = ReadonlyMap<string, ReadonlyArray<DecodedEvent>>

/** Every stream of a category, by record id, with its hash chain checked from the very beginning. */
export const readStreams = async (store: EventStore, category: string): Promise<Streams> => {
  const streams = new Map<string, Array<DecodedEvent>>()
  let after: string | 'start' = 'start'
  for (let atEnd = false; !atEnd; ) {
    const page: E.Either<unknown, LogPage> = await store.readAll(after, `${category}-idem_`, 2000)()
    if (E.isLeft(page)) return expect.fail(JSON.stringify(page.left))
    for (const recorded of page.right.events) {
      const decoded = decodeRecorded(sha256)(recorded)
      if (E.isLeft(decoded)) return expect.fail(decoded.left.message)
      const id = recorded.stream.slice(category.length + 1)
      const events = streams.get(id) ?? []
      streams.set(id, events)
      const before = events.at(-1)?.metadata.hash ?? genesisHash(sha256, recorded.stream)
      if (decoded.right.metadata.previousHash !== before || recorded.revision !== BigInt(events.length)) {
        return expect.fail(`${recorded.stream} at ${recorded.revision} does not follow on the event before it`)
      }
      events.push(decoded.right)
    }
    after = page.right.next
    atEnd = page.right.atEnd
  }
  return streams
}

type Said = {
  /** By their epoch and claim hash, in order. */
  readonly reserved: Array<string>
  /** By their claim hash and the visit that they were written for. */
  readonly completed: Array<string>
  readonly rejected: Array<string>
  readonly released: Array<string>
  duplicates: number
  conflicts: number
}

/** Everything that a stream says, in a form that answers can be compared with. */
const saidBy = (events: ReadonlyArray<DecodedEvent>): Said => {
  const said: Said = { reserved: [], completed: [], rejected: [], released: [], duplicates: 0, conflicts: 0 }
  for (const { event } of events) {
    switch (event.type) {
      case 'Reserved':
        said.reserved.push(`${event.data.epoch} ${event.data.claimHash}`)
        break
      case 'Completed':
        said.completed.push(`${event.data.claimHash} ${JSON.stringify(event.data.outcome.details)}`)
        break
      case 'CompletionRejected':
        said.rejected.push(`${event.data.claimHash} ${JSON.stringify(event.data.outcome.details)}`)
        break
      case 'DuplicateSeen':
        said.duplicates += event.data.count
        break
      case 'ConflictRecorded':
        said.conflicts += event.data.count
        break
      case 'Expired':
        if (event.data.reason === 'released') said.released.push(String(event.data.epoch))
    }
  }
  return said
}

/** The same of what callers were told. */
const toldAbout = (answers: ReadonlyArray<Acknowledged>): Said => {
  const told: Said = { reserved: [], completed: [], rejected: [], released: [], duplicates: 0, conflicts: 0 }
  for (const one of answers) {
    switch (one._tag) {
      case 'Reserved':
        told.reserved.push(`${one.claim.epoch} ${hashOf(one.claim.claimId)}`)
        break
      case 'Completed':
        told.completed.push(`${hashOf(one.claim.claimId)} ${JSON.stringify({ visit: one.visit })}`)
        break
      case 'ClaimLost':
        told.rejected.push(`${hashOf(one.claim.claimId)} ${JSON.stringify({ visit: one.visit })}`)
        break
      case 'Released':
        told.released.push(String(one.claim.epoch))
        break
      case 'Duplicate':
        told.duplicates++
        break
      case 'Conflict':
        told.conflicts++
    }
  }
  return told
}

const sameMembers = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): boolean =>
  JSON.stringify([...a].sort()) === JSON.stringify([...b].sort())

/** A duplicate or conflict that met so many conflicts is answered without being recorded (SPEC section 6). */
const fewTries = 3

/** What is wrong with a stream beside what callers were told of it. */
const faultsOf = (events: ReadonlyArray<DecodedEvent>, answers: ReadonlyArray<Acknowledged>): ReadonlyArray<string> => {
  const [said, told] = [saidBy(events), toldAbout(answers)]
  const last = said.reserved.at(-1) ?? 'nothing reserved'
  const epochs = said.reserved.map((one) => one.split(' ')[0])
  const checks: ReadonlyArray<readonly [string, boolean]> = [
    ['one Reserved for every epoch, without a gap', epochs.every((epoch, index) => epoch === String(index + 1))],
    ['no claim was granted twice', new Set(told.reserved).size === told.reserved.length],
    ['every granted claim is in the log', told.reserved.every((one) => said.reserved.includes(one))],
    // one whose answer was lost, and that was over when it was found, was decided anew
    ['the claim that stands was granted', told.reserved.includes(last)],
    ['completions are as they were answered', sameMembers(said.completed, told.completed)],
    ['lost completions are as they were answered', sameMembers(said.rejected, told.rejected)],
    ['releases are as they were answered', sameMembers(said.released, told.released)],
    ['no duplicate is counted twice', said.duplicates <= told.duplicates],
    ['no conflict is counted twice', said.conflicts <= told.conflicts],
    [
      'every duplicate and conflict is counted, unless others wrote too often meanwhile',
      events.length >= fewTries || (said.duplicates === told.duplicates && said.conflicts === told.conflicts)
    ]
  ]
  return checks.flatMap(([name, isRight]) => (isRight ? [] : [name]))
}

const byRecord = (told: ReadonlyArray<Acknowledged>): ReadonlyMap<string, ReadonlyArray<Acknowledged>> => {
  const all = new Map<string, Array<Acknowledged>>()
  for (const one of told) {
    const same = all.get(one.recordId) ?? []
    same.push(one)
    all.set(one.recordId, same)
  }
  return all
}

/** Holds what callers were told against the log, both ways. */
export const compare = (streams: Streams, told: ReadonlyArray<Acknowledged>): void => {
  const answers = byRecord(told)
  expect(streams.size).toBe(answers.size)
  const wrong = [...streams].flatMap(([id, events]) =>
    faultsOf(events, answers.get(id) ?? []).map((fault) => ({
      id,
      fault,
      events: events.map(({ event }) => JSON.stringify(event)),
      told: answers.get(id)
    }))
  )
  expect(wrong).toEqual([])
}
