import type { StreamingRead } from '@eventstore/db-client'
import * as E from 'fp-ts/Either'
import { constVoid } from 'fp-ts/function'
import type { StoreError } from '../../application/ports/event-store.ts'
import { failure } from '../../domain/failure.ts'
import { disposedOf } from '../disposed-of.ts'
import { again } from './again.ts'
import type { Context } from './client.ts'
import { withinMs } from './deadline.ts'
import { judge, type Verdict } from './to-store-error.ts'

const isNotFound = (cause: unknown): boolean =>
  typeof cause === 'object' && cause !== null && Reflect.get(cause, 'type') === 'stream-not-found'

/** What a read brought: all of it, or what came before its time was over. */
export type Drained<A> = { readonly items: ReadonlyArray<A>; readonly isWhole: boolean }

/** Takes a bounded read to its end: one that is left early keeps its call open, and `dispose` waiting. */
const collect = <A>(read: StreamingRead<A>, items: Array<A>): Promise<Drained<A>> =>
  new Promise((resolve, reject) => {
    const end = (): void => resolve({ items, isWhole: true })
    read.on('data', (item: A) => items.push(item))
    read.on('end', end)
    read.on('error', (cause) => (isNotFound(cause) ? end() : reject(cause)))
  })

/** Ends a read that nobody waits for any more. Later errors of it have a listener still. */
const abandon = (read: StreamingRead<unknown>): void => {
  read.cancel().catch(constVoid)
  read.destroy()
}

const tryOnce = async <A>(
  { lifetime, notAnswered }: Context,
  open: () => StreamingRead<A>,
  ms: number
): Promise<E.Either<Verdict, Drained<A>>> => {
  const items: Array<A> = []
  let read: StreamingRead<A> | undefined
  try {
    const timed = await withinMs(ms, lifetime, () => {
      read = open()
      return collect(read, items)
    })
    if (timed._tag === 'Done') return E.right(timed.value)
    if (read) abandon(read)
    if (timed._tag === 'Overdue' && items.length > 0) return E.right({ items, isWhole: false })
    if (timed._tag === 'Overdue') notAnswered(ms)
    const error =
      timed._tag === 'StoreOver'
        ? disposedOf
        : failure('StoreTimeout', `the server did not answer a read within ${ms} ms`)
    return E.left({ error, notWritten: true, elsewhere: false })
  } catch (cause) {
    if (read) abandon(read)
    return E.left(judge(cause))
  }
}

/** Runs a bounded read to its end within the deadline. A stream that does not exist has no events. */
export const drain = async <A>(
  context: Context,
  open: () => StreamingRead<A>
): Promise<E.Either<StoreError, Drained<A>>> => {
  const result = await again(context, 'read', (ms) => tryOnce(context, open, ms))
  return E.mapLeft(({ error }: Verdict) => error)(result)
}
