import type { RecordedEvent } from '../../../ports/event-store.ts'
import { type Finding, findingAt } from './finding.ts'

type Stamped = Pick<RecordedEvent, 'stream' | 'revision' | 'position' | 'recordedAtMs'>

/** Watches the times of recording in the order of the log, which a store's clock moves on. */
export type RecordingTimes = {
  readonly next: (event: RecordedEvent) => Finding | undefined
  /** Once there is no other: whether the last one was recorded before now. */
  readonly end: (nowMs: number) => Finding | undefined
}

const restamped = (event: Stamped, what: string): Finding =>
  findingAt(event, 'restamped', `recorded at ${event.recordedAtMs}, ${what}: it was stamped anew, or the clock was set`)

/** No more than what is told of an event is held on to. */
const stampOf = ({ stream, revision, position, recordedAtMs }: RecordedEvent): Stamped => ({
  stream,
  revision,
  position,
  recordedAtMs
})

const tooEarly = (event: Stamped, after: Stamped): Finding =>
  restamped(event, `before the event that it stands behind (${after.recordedAtMs})`)

const tooLate = (event: Stamped, before: Stamped): Finding =>
  restamped(event, `after the event that stands behind it (${before.recordedAtMs})`)

/**
 * Of two neighbours that are out of order the one is named that is out of order with its other neighbour too. A clock
 * that was set back is told once: what follows is held against its new time.
 */
export const recordingTimes = (toleranceMs: number): RecordingTimes => {
  let before: Stamped | undefined
  let last: Stamped | undefined
  /** An event that was told to be too early; where the next one is so too, the clock was set. */
  let early: Stamped | undefined
  /** The second event of all, where it is out of order with the first: the third tells which of them is wrong. */
  let second: Stamped | undefined

  const isEarlier = (a: Stamped, b: Stamped): boolean => a.recordedAtMs + toleranceMs < b.recordedAtMs

  const goOnFrom = (event: Stamped, from: Stamped | undefined): undefined => {
    before = from
    last = event
    early = undefined
    second = undefined
  }

  return {
    next: (event) => {
      const stamp = stampOf(event)
      if (last === undefined) return goOnFrom(stamp, undefined)
      const [first, unsure] = [last, second]
      if (unsure !== undefined) {
        if (!isEarlier(stamp, first)) {
          goOnFrom(stamp, first)
          return tooEarly(unsure, first)
        }
        goOnFrom(stamp, isEarlier(stamp, unsure) ? undefined : unsure)
        return tooLate(first, unsure)
      }
      if (!isEarlier(stamp, last)) return goOnFrom(stamp, last)
      if (early !== undefined) return goOnFrom(stamp, isEarlier(stamp, early) ? undefined : early)
      if (before === undefined) {
        second = stamp
        return undefined
      }
      if (isEarlier(stamp, before)) {
        early = stamp
        return tooEarly(stamp, last)
      }
      const late = last
      goOnFrom(stamp, before)
      return tooLate(late, stamp)
    },
    end: (nowMs) => {
      if (last === undefined) return undefined
      if (second !== undefined) return tooEarly(second, last)
      return last.recordedAtMs > nowMs + toleranceMs ? restamped(last, 'which is yet to come') : undefined
    }
  }
}
