import * as E from 'fp-ts/Either'
import type {
  Append,
  AppendFailure,
  EventStore,
  LogPage,
  RecordedEvent,
  StoreError,
  SubscriptionMessage
} from 'keyfold'

/** Rows by their number, from 1. Put your database here: a unique index over stream and revision is all it must have. */
export type Table = { readonly rows: Array<RecordedEvent> }

const disposed: StoreError = { _tag: 'StoreUnavailable', message: 'the store was disposed of' }
const invalid = (message: string, path: string): StoreError => ({ _tag: 'InvalidInput', message, path })

const lastRevision = 2n ** 63n - 1n

/** What would be written as something else is refused: a name or a text with half a character, a revision that is none. */
const nameFault = (stream: unknown): StoreError | undefined =>
  typeof stream === 'string' && stream !== '' && stream.isWellFormed() && !stream.startsWith('$$')
    ? undefined
    : invalid('no stream has this name', '$.stream')

const appendFault = ({ stream, expected, events }: Append): StoreError | undefined => {
  const isNone = expected?._tag === 'NoStream'
  const revision: unknown = expected?._tag === 'Exactly' ? expected.revision : undefined
  const isRevision = typeof revision === 'bigint' && revision >= 0n && revision <= lastRevision
  const texts = events.flatMap((event) => [event?.id, event?.type, event?.data, event?.metadata])
  const areTexts = texts.length > 0 && texts.every((text) => typeof text === 'string' && text.isWellFormed())
  return (
    nameFault(stream) ??
    (isNone || isRevision ? undefined : invalid('this is no expected revision', '$.expected')) ??
    (areTexts ? undefined : invalid('an append has events, and these have texts', '$.events'))
  )
}

export const openTableStore = (table: Table): EventStore => {
  const end = new AbortController()
  const streamOf = (name: string) => table.rows.filter(({ stream }) => stream === name)

  /** In a database: one transaction, of which a broken unique index is `WrongExpectedRevision`. */
  const write = ({ stream, expected, events }: Append): E.Either<AppendFailure, { readonly revision: bigint }> => {
    const there = streamOf(stream)
    const from = expected._tag === 'NoStream' ? 0 : Number(expected.revision) + 1
    if (from !== there.length) {
      // written already, by a try whose answer was lost: the same ids at the same revisions
      const isRepeated = from < there.length && events.every(({ id }, index) => there[from + index]?.id === id)
      return isRepeated
        ? E.right({ revision: BigInt(from + events.length - 1) })
        : E.left({ _tag: 'WrongExpectedRevision', actual: there.at(-1)?.revision ?? 'noStream' })
    }
    const recordedAtMs = Date.now()
    const added = events.map((event, index) => ({
      ...event,
      stream,
      revision: BigInt(from + index),
      position: String(table.rows.length + index + 1),
      recordedAtMs
    }))
    table.rows.push(...added)
    return E.right({ revision: BigInt(from + added.length - 1) })
  }

  const append: EventStore['append'] = (asked) => async () => {
    const fault = end.signal.aborted ? disposed : appendFault(asked)
    return fault === undefined ? write(asked) : E.left({ _tag: 'NotWritten', error: fault })
  }

  const readStream: EventStore['readStream'] = (stream, direction, from, count) => async () => {
    if (end.signal.aborted) return E.left(disposed)
    const fault = nameFault(stream)
    if (fault !== undefined) return E.left(fault)
    if (typeof from === 'bigint' && from > lastRevision) return E.left(invalid('no event has this revision', '$.from'))
    const there = streamOf(stream)
    const isForwards = direction === 'forwards'
    const first = from === 'start' ? 0n : from === 'end' ? BigInt(there.length - (isForwards ? 0 : 1)) : from
    const asked = there.filter(({ revision }) => (isForwards ? revision >= first : revision <= first))
    return E.right((isForwards ? asked : asked.reverse()).slice(0, count))
  }

  const readAll: EventStore['readAll'] = (after, streamPrefix, maxCount) => async () => {
    if (end.signal.aborted) return E.left(disposed)
    if (after !== 'start' && !/^\d+$/.test(after)) return E.left(invalid('this is no position', '$.after'))
    const from = after === 'start' ? 0 : Number(after)
    const events = table.rows
      .slice(from)
      .filter(({ stream }) => stream.startsWith(streamPrefix))
      .slice(0, maxCount)
    const isFull = events.length === maxCount
    const next = isFull ? (events.at(-1)?.position ?? after) : String(Math.max(from, table.rows.length))
    return E.right({ events, next, atEnd: Number(next) >= table.rows.length } satisfies LogPage)
  }

  /** Reads page by page, and looks again after a while. Whoever takes the messages sets the pace. */
  async function* follow(
    { after, streamPrefix }: Parameters<EventStore['subscribe']>[0],
    stop: AbortSignal
  ): AsyncGenerator<E.Either<StoreError, SubscriptionMessage>, void> {
    let isLive = false
    for (let position = after; !stop.aborted; ) {
      const page = await readAll(position, streamPrefix, 100)()
      if (stop.aborted) return
      if (E.isLeft(page)) return yield page
      for (const event of page.right.events) {
        yield E.right({ _tag: 'Event', event })
        if (stop.aborted) return
      }
      if (page.right.next !== position) yield E.right({ _tag: 'Checkpoint', position: page.right.next })
      position = page.right.next
      if (!page.right.atEnd) continue
      if (!isLive) yield E.right({ _tag: 'CaughtUp' })
      isLive = true
      await aWhile(stop)
    }
  }

  return {
    append,
    readStream,
    readAll,
    subscribe: (options) => ({
      [Symbol.asyncIterator]: () => {
        const left = new AbortController()
        const signals = [left.signal, ...(options.signal === undefined ? [] : [options.signal])]
        const messages = follow(options, AbortSignal.any(signals))
        return {
          next: () => messages.next(),
          // wakes a message that is waited for
          return: () => {
            left.abort()
            return messages.return()
          }
        }
      }
    }),
    dispose: async () => end.abort()
  }
}

/** A tenth of a second, or until it is to stop. */
const aWhile = (stop: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer)
      stop.removeEventListener('abort', wake)
      resolve()
    }
    const timer = setTimeout(wake, 100)
    stop.addEventListener('abort', wake)
    if (stop.aborted) wake()
  })
