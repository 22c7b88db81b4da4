import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { Direction, ReadStream, RecordedEvent, StoreError } from '../../../application/ports/event-store.ts'
import { failure } from '../../../domain/failure.ts'
import { disposedOf } from '../../common/disposed-of.ts'
import { checkedRead } from '../../common/port-fault.ts'
import { type Context, noTimeLeft, withTime } from '../client/client.ts'
import { nonsense } from '../client/server-error.ts'
import { type Drained, drain } from './drain.ts'
import { streamRequest } from './read-request.ts'
import { recordedIn } from './recorded-event.ts'

/** What each message of a read of a stream holds: its events, each once and in order, or that it is not there. */
const eventsOf = (stream: string, direction: Direction) => {
  let previous: bigint | undefined
  return (message: ReadResp): RecordedEvent | undefined => {
    if (message.hasStreamNotFound()) return undefined
    const recorded = message.getEvent()?.getEvent()
    if (recorded === undefined) throw nonsense('a message of a read without an event')
    const { event } = recordedIn(recorded)
    if (event.stream !== stream) throw nonsense('an event of another stream than the one that was read')
    const isNext =
      previous === undefined || (direction === 'forwards' ? event.revision > previous : event.revision < previous)
    if (!isNext) throw nonsense('events of a stream out of order')
    previous = event.revision
    return event
  }
}

/** A part would look like a stream that begins, or ends, where it does not. */
const whole = ({ items, isWhole }: Drained<RecordedEvent>): E.Either<StoreError, ReadonlyArray<RecordedEvent>> =>
  isWhole ? E.right(items) : E.left(failure('StoreTimeout', 'the server did not answer a whole read in time'))

/** Reads a stream of any name, a server's own notes too. */
export const readEvents =
  (context: Context): ReadStream =>
  (stream, direction, from, count, withinMs) =>
  async () => {
    const timed = withTime(context, withinMs)
    if (timed.lifetime.isOver()) return E.left(disposedOf)
    // nothing comes after the end, and a server takes the question for a mistake
    const isBeyond = direction === 'forwards' && from === 'end'
    if (count < 1 || isBeyond || (typeof from === 'bigint' && from < 0n)) return E.right([])
    if (timed.deadlineMs <= 0) return E.left(noTimeLeft)
    const read = await drain(timed, () => ({
      request: streamRequest(stream, direction, from, count),
      count,
      itemIn: eventsOf(stream, direction)
    }))
    return pipe(
      read,
      E.mapLeft(({ error }) => error),
      E.flatMap(whole)
    )
  }

/** Reads a stream at the leader, so that what was acknowledged is seen; soft-deleted events are not. */
export const readStream = (context: Context): ReadStream => checkedRead(readEvents(context))
