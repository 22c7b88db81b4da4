import { performance } from 'node:perf_hooks'
import type { AllStreamResolvedEvent, Position as ClientPosition } from '@eventstore/db-client'
import * as E from 'fp-ts/Either'
import type { LogPage, ReadAll, RecordedEvent, StoreError } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'
import { disposedOf } from '../disposed-of.ts'
import { authentication, type Context } from './client.ts'
import { type Drained, drain } from './drain.ts'
import { fromPosition, isAfter, toPosition } from './position.ts'
import { toRecorded } from './recorded-event.ts'

const leastWindow = 256
const mostWindow = 4096

/** One read of the whole log. The start is inclusive in the client's reads, so one more is asked for. */
const window = (
  context: Context,
  from: ClientPosition | 'start',
  count: number
): Promise<E.Either<StoreError, Drained<AllStreamResolvedEvent>>> =>
  drain(context, () =>
    context.client.readAll({
      ...authentication(context),
      fromPosition: from,
      maxCount: count + 1,
      requiresLeader: true
    })
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
      const count = Math.min(mostWindow, Math.max(leastWindow, maxCount - events.length))
      const read = await window({ ...context, deadlineMs: leftMs() }, at, count)
      // what was read so far is worth having; whether the server answers again is for the next page to find out
      if (E.isLeft(read)) return at === start.right ? read : page(false)
      const { items, isWhole } = read.right
      for (const resolved of items) {
        const position = resolved.event?.position
        if (position === undefined || !isAfter(position, at)) continue
        const recorded = resolved.event?.streamId.startsWith(streamPrefix) ? toRecorded(resolved) : undefined
        if (recorded && events.length === maxCount) return page(false)
        if (recorded) events.push(recorded)
        at = position
      }
      if (!isWhole && at === start.right) return E.left(overdue)
      if (!isWhole) break
      if (items.length <= count) return page(true)
      if (leftMs() < context.deadlineMs / 2) break
    }
    return page(false)
  }
