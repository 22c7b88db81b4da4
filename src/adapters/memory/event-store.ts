import * as E from 'fp-ts/Either'
import type * as TE from 'fp-ts/TaskEither'
import type {
  Append,
  AppendAtomically,
  Appended,
  AppendFailure,
  EventStore,
  ReadAll,
  ReadStream,
  RecordedEvent,
  StoreError
} from '../../application/ports/event-store.ts'
import { nextRevision } from '../../domain/expected-revision.ts'
import { failure, invalidInput } from '../../domain/failure.ts'
import { followLog, signals } from '../follow-log.ts'

export type MemoryStoreOptions = {
  /** The store's own time of recording, epoch ms. The system's clock where it is left out. */
  readonly now?: () => number
}

const disposedOf: StoreError = failure('StoreUnavailable', 'the store is disposed of')

/**
 * A store in this process's memory: the executable specification of the store port, and a store for tests. Nothing
 * survives the process.
 */
export const memoryStore = ({ now = Date.now }: MemoryStoreOptions = {}): EventStore => {
  const log: Array<RecordedEvent> = []
  const streams = new Map<string, Array<RecordedEvent>>()
  const written = signals()
  let disposed = false

  /** Judges one append (SPEC section 8), and writes it where it is to be written. */
  const judge = ({ stream, expected, events }: Append): E.Either<AppendFailure, Appended> => {
    if (events.length === 0) {
      return E.left({ _tag: 'NotWritten', error: invalidInput('an append holds at least one event') })
    }
    const there = streams.get(stream) ?? []
    const from = Number(nextRevision(expected))
    if (from !== there.length) {
      const repeated = from < there.length && events.every(({ id }, index) => there[from + index]?.id === id)
      const actual = there.at(-1)?.revision ?? 'noStream'
      return repeated
        ? E.right({ revision: BigInt(from + events.length - 1) })
        : E.left({ _tag: 'WrongExpectedRevision', actual })
    }
    streams.set(stream, there)
    for (const event of events) {
      const recorded: RecordedEvent = {
        ...event,
        stream,
        revision: BigInt(there.length),
        position: String(log.length + 1),
        recordedAtMs: now()
      }
      there.push(recorded)
      log.push(recorded)
    }
    return E.right({ revision: BigInt(there.length - 1) })
  }

  const open =
    <A>(answer: () => E.Either<StoreError, A>): TE.TaskEither<StoreError, A> =>
    async () =>
      disposed ? E.left(disposedOf) : answer()

  const append: EventStore['append'] = (one) => async () => {
    if (disposed) return E.left({ _tag: 'NotWritten', error: disposedOf })
    const result = judge(one)
    written.notify()
    return result
  }

  const appendAtomically: AppendAtomically = (appends) => async () => {
    if (disposed) return E.left({ _tag: 'NotWritten', error: disposedOf, index: 0 })
    const all: Array<Append> = []
    for await (const one of appends) all.push(one)
    // from here on nothing else runs until all of it is judged
    const length = log.length
    for (const [index, one] of all.entries()) {
      const result = judge(one)
      if (E.isLeft(result)) {
        for (const { stream } of log.splice(length)) {
          const events = streams.get(stream)
          events?.pop()
          if (events?.length === 0) streams.delete(stream)
        }
        return E.left({ ...result.left, index })
      }
    }
    written.notify()
    return E.right(undefined)
  }

  const readStream: ReadStream = (stream, direction, from, count) =>
    open(() => {
      const there = streams.get(stream) ?? []
      if (direction === 'forwards') {
        const start = from === 'start' ? 0 : from === 'end' ? there.length : Number(from)
        return E.right(there.slice(start, start + count))
      }
      const end = from === 'end' ? there.length : from === 'start' ? 1 : Math.min(there.length, Number(from) + 1)
      return E.right(there.slice(Math.max(0, end - count), Math.max(0, end)).reverse())
    })

  const readAll: ReadAll = (after, streamPrefix, maxCount) =>
    open(() => {
      const events: Array<RecordedEvent> = []
      let at = after === 'start' ? 0 : Number(after)
      for (; at < log.length && events.length < maxCount; at++) {
        const event = log[at]
        if (event?.stream.startsWith(streamPrefix)) events.push(event)
      }
      return E.right({ events, next: at === 0 ? 'start' : String(at), atEnd: at >= log.length })
    })

  return {
    append,
    appendAtomically,
    readStream,
    readAll,
    subscribe: followLog(readAll, written),
    dispose: async () => {
      disposed = true
      written.notify()
    }
  }
}
