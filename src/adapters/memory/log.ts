import * as E from 'fp-ts/Either'
import type {
  Append,
  Appended,
  AppendFailure,
  LogPage,
  ReadStream,
  RecordedEvent
} from '../../application/ports/event-store.ts'
import { nextRevision } from '../../domain/expected-revision.ts'
import { type Notices, notices } from '../common/notices.ts'
import { toPosition } from '../common/numbered-position.ts'
import { appendFault, textless } from '../common/port-fault.ts'
import { recordingTime } from '../common/recording-time.ts'

type Failed = AppendFailure & {
  /** Which append it was, from 0. */
  readonly index: number
}

/** What stores in memory have in common that were opened on one log. */
export type MemoryLog = {
  /** Appends to one stream, at the time that `now` tells. */
  readonly append: (append: Append, now: () => number) => E.Either<AppendFailure, Appended>
  /** All of them, or none. */
  readonly appendAll: (appends: ReadonlyArray<Append>, now: () => number) => E.Either<Failed, void>
  /** Reads events of one stream. */
  readonly readStream: (...what: Parameters<ReadStream>) => ReadonlyArray<RecordedEvent>
  /** Reads a page of the log from a place on, counted from 0. */
  readonly readAll: (from: number, streamPrefix: string, maxCount: number) => LogPage
  /** Tells of every append. */
  readonly written: Notices
}

/** A log in this process's memory, for several stores on it. */
export const memoryLog = (): MemoryLog => {
  const log: Array<RecordedEvent> = []
  const streams = new Map<string, Array<RecordedEvent>>()
  const written = notices()

  /** Judges one append (SPEC section 8), and writes it where it is to be written. */
  const judge = (append: Append, now: () => number): E.Either<AppendFailure, Appended> => {
    const wrong = appendFault(append)
    if (wrong !== undefined) return E.left({ _tag: 'NotWritten', error: wrong })
    const { stream, expected, events } = append
    const there = streams.get(stream) ?? []
    const from = Number(nextRevision(expected))
    if (from !== there.length) {
      const repeated = from < there.length && events.every(({ id }, index) => there[from + index]?.id === id)
      const actual = there.at(-1)?.revision ?? 'noStream'
      return repeated
        ? E.right({ revision: BigInt(from + events.length - 1) })
        : E.left({ _tag: 'WrongExpectedRevision', actual })
    }
    const at = recordingTime(now)
    if (E.isLeft(at)) return E.left({ _tag: 'NotWritten', error: at.left })
    streams.set(stream, there)
    for (const event of events) {
      // the same one goes to every reader
      const recorded: RecordedEvent = Object.freeze({
        ...event,
        stream,
        revision: BigInt(there.length),
        position: String(log.length + 1),
        recordedAtMs: at.right
      })
      there.push(recorded)
      log.push(recorded)
    }
    return E.right({ revision: BigInt(there.length - 1) })
  }

  const takeBack = (length: number): void => {
    for (const { stream } of log.splice(length)) {
      const events = streams.get(stream)
      events?.pop()
      if (events?.length === 0) streams.delete(stream)
    }
  }

  /** What callers whose types nobody checked hand over may throw where it is read, and leaves nothing behind. */
  const judged = (append: Append, now: () => number): E.Either<AppendFailure, Appended> => {
    const { length } = log
    try {
      return judge(append, now)
    } catch (cause) {
      takeBack(length)
      return E.left({ _tag: 'NotWritten', error: { ...textless, cause } })
    }
  }

  return {
    append: (append, now) => {
      const result = judged(append, now)
      written.notify()
      return result
    },
    appendAll: (appends, now) => {
      const { length } = log
      for (const [index, append] of appends.entries()) {
        const result = judged(append, now)
        if (E.isRight(result)) continue
        takeBack(length)
        return E.left({ ...result.left, index })
      }
      written.notify()
      return E.right(undefined)
    },
    readStream: (stream, direction, from, count) => {
      const there = streams.get(stream) ?? []
      if (direction === 'forwards') {
        const start = from === 'start' ? 0 : from === 'end' ? there.length : Math.max(0, Number(from))
        return there.slice(start, start + Math.max(0, count))
      }
      const end = from === 'end' ? there.length : from === 'start' ? 1 : Math.min(there.length, Number(from) + 1)
      return there.slice(Math.max(0, end - Math.max(0, count)), Math.max(0, end)).reverse()
    },
    readAll: (from, streamPrefix, maxCount) => {
      const events: Array<RecordedEvent> = []
      let at = from
      for (; at < log.length && events.length < maxCount; at++) {
        const event = log[at]
        if (event?.stream.startsWith(streamPrefix)) events.push(event)
      }
      return { events, next: toPosition(at), atEnd: at >= log.length }
    },
    written
  }
}
