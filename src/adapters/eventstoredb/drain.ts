import type { StreamingRead } from '@eventstore/db-client'
import * as E from 'fp-ts/Either'
import type { StoreError } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'
import { again } from './again.ts'
import type { Context } from './client.ts'
import { withinMs } from './deadline.ts'
import { disposedOf } from './disposed-of.ts'
import { judge, type Verdict } from './to-store-error.ts'

const ignore = (): void => {}

const isNotFound = (cause: unknown): boolean =>
  typeof cause === 'object' && cause !== null && Reflect.get(cause, 'type') === 'stream-not-found'

/** Takes a bounded read to its end: one that is left early keeps its call open, and `dispose` waiting. */
const collect = <A>(read: StreamingRead<A>): Promise<ReadonlyArray<A>> =>
  new Promise((resolve, reject) => {
    const all: Array<A> = []
    read.on('data', (one: A) => all.push(one))
    read.on('end', () => resolve(all))
    read.on('error', (cause) => (isNotFound(cause) ? resolve([]) : reject(cause)))
  })

/** Ends a read that nobody waits for any more. Later errors of it have a listener still. */
const abandon = (read: StreamingRead<unknown>): void => {
  read.cancel().catch(ignore)
  read.destroy()
}

const tryOnce = async <A>(
  { lifetime }: Context,
  open: () => StreamingRead<A>,
  ms: number
): Promise<E.Either<Verdict, ReadonlyArray<A>>> => {
  let read: StreamingRead<A> | undefined
  try {
    const timed = await withinMs(ms, lifetime, () => {
      read = open()
      return collect(read)
    })
    if (timed._tag === 'Done') return E.right(timed.value)
    if (read) abandon(read)
    const error =
      timed._tag === 'StoreOver'
        ? disposedOf
        : failure('StoreTimeout', `the server did not answer a read within ${ms} ms`)
    return E.left({ error, notWritten: true, again: false })
  } catch (cause) {
    if (read) abandon(read)
    return E.left(judge(cause))
  }
}

/** Runs a bounded read to its end within the deadline. A stream that does not exist has no events. */
export const drain = async <A>(
  context: Context,
  open: () => StreamingRead<A>
): Promise<E.Either<StoreError, ReadonlyArray<A>>> => {
  const result = await again(context, (ms) => tryOnce(context, open, ms))
  return E.mapLeft(({ error }: Verdict) => error)(result)
}
