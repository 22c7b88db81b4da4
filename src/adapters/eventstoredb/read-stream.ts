import type { ResolvedEvent } from '@eventstore/db-client'
import * as E from 'fp-ts/Either'
import type { ReadStream, RecordedEvent, StoreError } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'
import { disposedOf } from '../disposed-of.ts'
import { authentication, type Context } from './client.ts'
import { type Drained, drain } from './drain.ts'
import { toRecorded } from './recorded-event.ts'

const isPresent = <A>(value: A | undefined): value is A => value !== undefined

/** A part would look like a stream that begins, or ends, where it does not. */
const whole = ({ items, isWhole }: Drained<ResolvedEvent>): E.Either<StoreError, ReadonlyArray<RecordedEvent>> =>
  isWhole
    ? E.right(items.map(toRecorded).filter(isPresent))
    : E.left(failure('StoreTimeout', 'the server did not answer a whole read in time'))

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
    return E.flatMap(whole)(read)
  }
