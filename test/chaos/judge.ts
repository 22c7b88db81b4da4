import * as E from 'fp-ts/Either'
import { sha256 } from '../../src/adapters/node/sha256.ts'
import type { RecordedEvent } from '../../src/application/ports/event-store.ts'
import { decodeRecorded } from '../../src/application/stream/event-text.ts'
import { hashFaults } from '../support/hash-chain.ts'
import { rules } from './rules.ts'
import type { Told } from './told.ts'

/** What is wrong, and with which record. */
export type Fault = { readonly recordId: string; readonly fault: string }

/** What callers were told, and all streams of their category as the log holds them afterwards, by name. */
export type Evidence = {
  readonly category: string
  readonly told: ReadonlyArray<Told>
  readonly streams: ReadonlyMap<string, ReadonlyArray<RecordedEvent>>
  /** Whether an answer came later than it may. */
  readonly isLate: (told: Told) => boolean
}

const late = ({ told, isLate }: Evidence): ReadonlyArray<Fault> =>
  told.filter(isLate).map(({ recordId, asked, beganAt, endedAt }) => ({
    recordId,
    fault: `a ${asked.do} was answered after ${Math.round(endedAt - beganAt)} ms`
  }))

const faultsOf = (
  name: string,
  recorded: ReadonlyArray<RecordedEvent>,
  told: ReadonlyArray<Told>
): ReadonlyArray<string> => {
  const decoded = recorded.map(decodeRecorded(sha256))
  const unreadable = decoded.flatMap((one) => (E.isLeft(one) ? [one.left.message] : []))
  if (unreadable.length > 0) return unreadable
  const gaps = recorded.flatMap(({ revision }, index) => (revision === BigInt(index) ? [] : [`no revision ${index}`]))
  const events = decoded.flatMap((one) => (E.isRight(one) ? [one.right.event] : []))
  return [...gaps.slice(0, 1), ...hashFaults(name, recorded), ...rules.flatMap((rule) => rule({ events, told }))]
}

/** Holds what callers were told against the log, both ways. */
export const judge = (evidence: Evidence): ReadonlyArray<Fault> => {
  const { category, told, streams } = evidence
  const answers = new Map<string, Array<Told>>()
  for (const name of streams.keys()) answers.set(name.slice(category.length + 1), [])
  for (const one of told) {
    const same = answers.get(one.recordId)
    if (same === undefined) answers.set(one.recordId, [one])
    else same.push(one)
  }
  const faults = [...answers].flatMap(([recordId, of]) => {
    const name = `${category}-${recordId}`
    return faultsOf(name, streams.get(name) ?? [], of).map((fault) => ({ recordId, fault }))
  })
  return [...faults, ...late(evidence)]
}
