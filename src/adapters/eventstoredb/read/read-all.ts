import { performance } from 'node:perf_hooks'
import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js'
import * as E from 'fp-ts/Either'
import type { LogPage, ReadAll, RecordedEvent, StoreError } from '../../../application/ports/event-store.ts'
import { failure } from '../../../domain/failure.ts'
import { disposedOf } from '../../common/disposed-of.ts'
import { toStoreError } from '../calls/to-store-error.ts'
import type { Verdict } from '../calls/verdict.ts'
import type { Context } from '../client/client.ts'
import { factsOf, nonsense } from '../client/server-error.ts'
import { type Drained, drain } from './drain.ts'
import { fromPosition, isAfter, type LogPosition, toPosition } from './position.ts'
import { logRequest } from './read-request.ts'
import { positionOf, recordedIn, streamOf } from './recorded-event.ts'

const leastWindow = 256
const maxWindow = 4096

/** A place in the log, and the event there where it lies in a stream of the prefix. */
type Seen = { readonly position: LogPosition; readonly event?: RecordedEvent }

const seenIn =
  (streamPrefix: string) =>
  (message: ReadResp): Seen => {
    const recorded = message.getEvent()?.getEvent()
    const position = recorded && positionOf(recorded)
    if (recorded === undefined || position === undefined)
      throw nonsense('a message of a read of the log without an event and its position')
    // of what is foreign nothing is looked at that is not needed
    return streamOf(recorded).startsWith(streamPrefix) ? { position, event: recordedIn(recorded).event } : { position }
  }

/** One read of the whole log. The start is inclusive, so one more is asked for. */
const window = (
  context: Context,
  from: LogPosition | 'start',
  streamPrefix: string,
  count: number
): Promise<E.Either<Verdict, Drained<Seen>>> =>
  drain(context, () => ({
    request: logRequest(from, count + 1),
    count: count + 1,
    itemIn: seenIn(streamPrefix)
  }))

/** What the right is that is missing, or which position the server refuses: the start is none that it could. */
export const whyNot =
  (refused: LogPosition | 'start') =>
  (error: StoreError): StoreError =>
    error._tag === 'AccessDenied'
      ? { ...error, message: 'the server denies access to $all: the user needs the right to read it ($r of $all)' }
      : refused === 'start'
        ? error
        : failure(
            'InvalidInput',
            `the server cannot read from position ${toPosition(refused)}: ${factsOf(error.cause).words}`,
            { path: '$.after', cause: error.cause }
          )

const overdue: StoreError = failure('StoreTimeout', 'the server did not go on with a read of the log in time')

/**
 * Reads the log and keeps what lies in streams of the prefix: this client cannot have `$all` filtered by the server,
 * except in subscriptions. Where much of the log is foreign, or the server is slow, a page may come back short, or
 * empty, before the end.
 */
export const readAll =
  (context: Context): ReadAll =>
  (after, streamPrefix, maxCount) =>
  async (): Promise<E.Either<StoreError, LogPage>> => {
    if (context.lifetime.isOver()) return E.left(disposedOf)
    const start = fromPosition(after)
    if (E.isLeft(start)) return start
    const events: Array<RecordedEvent> = []
    let at = start.right
    const page = (atEnd: boolean): E.Either<StoreError, LogPage> =>
      E.right({ events, next: at === 'start' ? 'start' : toPosition(at), atEnd })
    const begunAt = performance.now()
    const leftMs = (): number => context.deadlineMs - Math.floor(performance.now() - begunAt)
    while (events.length < maxCount) {
      const count = Math.min(maxWindow, Math.max(leastWindow, maxCount - events.length))
      const before = at
      const read = await window({ ...context, deadlineMs: leftMs() }, at, streamPrefix, count)
      // what was read so far is worth having; whether the server answers again is for the next page to find out
      if (E.isLeft(read) && at !== start.right) return page(false)
      if (E.isLeft(read)) return E.left(whyNot(read.left.hasLasted ? at : 'start')(read.left.error))
      const { items, isWhole } = read.right
      for (const { position, event } of items) {
        if (!isAfter(position, at)) continue
        if (event && events.length === maxCount) return page(false)
        if (event) events.push(event)
        at = position
      }
      if (!isWhole && at === start.right) return E.left(overdue)
      if (!isWhole) break
      if (items.length <= count) return page(true)
      if (at === before) return E.left(toStoreError(nonsense('a page of the log that does not go on')))
      if (leftMs() < context.deadlineMs / 2) break
    }
    return page(false)
  }
