import * as E from 'fp-ts/Either'
import type { ReadStream, RecordedEvent } from '../../application/ports/event-store.ts'
import { authentication, type Context } from './client.ts'
import { disposedOf } from './disposed-of.ts'
import { drain } from './drain.ts'
import { toRecorded } from './recorded-event.ts'

const isPresent = <A>(value: A | undefined): value is A => value !== undefined

/** Reads a stream at the leader, so that what was acknowledged is seen; soft-deleted events are not. */
export const readStream =
  (context: Context): ReadStream =>
  (stream, direction, from, count) =>
  async () => {
    if (context.lifetime.isOver()) return E.left(disposedOf)
    if (count < 1 || (typeof from === 'bigint' && from < 0n)) return E.right([])
    const read = await drain(context, () =>
      context.client.readStream(stream, {
        ...authentication(context),
        direction,
        fromRevision: from,
        maxCount: count,
        requiresLeader: true
      })
    )
    return E.map(
      (events: ReadonlyArray<Parameters<typeof toRecorded>[0]>): ReadonlyArray<RecordedEvent> =>
        events.map(toRecorded).filter(isPresent)
    )(read)
  }
