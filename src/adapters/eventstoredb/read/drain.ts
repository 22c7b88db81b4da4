import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js'
import * as E from 'fp-ts/Either'
import { constVoid } from 'fp-ts/function'
import { failure } from '../../../domain/failure.ts'
import { disposedOf } from '../../common/disposed-of.ts'
import { withinMs } from '../calls/deadline.ts'
import { openRead } from '../calls/open-read.ts'
import { retry } from '../calls/retry.ts'
import { judge } from '../calls/to-store-error.ts'
import type { Verdict } from '../calls/verdict.ts'
import type { Context } from '../client/client.ts'
import { nonsense } from '../client/server-error.ts'
import { callOver } from '../client/wire.ts'

/** A bounded read: what is asked, at most how many items may come, and what each message holds: one, or none. */
export type Bounded<A> = {
  readonly request: ReadReq
  readonly count: number
  /** Throws where the message is none that can come. */
  readonly itemIn: (message: ReadResp) => A | undefined
}

/** What a read brought: all of it, or what came before its time was over. */
export type Drained<A> = { readonly items: ReadonlyArray<A>; readonly isWhole: boolean }

/** A read under way, and how to end it. */
type Read<A> = { readonly items: Array<A>; cancel: () => void; isOver: boolean }

const collect = <A>(context: Context, { request, count, itemIn }: Bounded<A>, read: Read<A>): Promise<void> =>
  callOver(
    context.wire,
    (line) =>
      new Promise((resolve, reject) => {
        if (read.isOver) return reject(new Error('nobody waits for the read any more'))
        const call = openRead(context, line, request, { requiresLeader: true })
        read.cancel = () => call.cancel()
        call.on('data', (message: ReadResp) => {
          if (read.isOver) return
          context.wire.heard(line)
          try {
            const item = itemIn(message)
            if (item === undefined) return
            if (read.items.push(item) > count) throw nonsense('more events than were asked for')
          } catch (cause) {
            read.isOver = true
            reject(cause)
            call.cancel()
          }
        })
        call.on('end', resolve)
        // without a listener an error would end the process, a late one too
        call.on('error', reject)
      })
  )

const tryOnce = async <A>(
  context: Context,
  ask: () => Bounded<A>,
  ms: number
): Promise<E.Either<Verdict, Drained<A>>> => {
  const read: Read<A> = { items: [], cancel: constVoid, isOver: false }
  const { items } = read
  try {
    const timed = await withinMs(ms, context.lifetime, () => collect(context, ask(), read))
    read.isOver = true
    if (timed._tag === 'Done') return E.right({ items, isWhole: true })
    read.cancel()
    if (timed._tag === 'Overdue' && items.length > 0) return E.right({ items, isWhole: false })
    if (timed._tag === 'Overdue') context.wire.notAnswered(ms)
    const error =
      timed._tag === 'StoreOver'
        ? disposedOf
        : failure('StoreTimeout', `the server did not answer a read within ${ms} ms`)
    return E.left({ error, notWritten: true, elsewhere: false })
  } catch (cause) {
    return E.left(judge(cause))
  }
}

/** Runs a bounded read to its end within the deadline; each try asks anew. */
export const drain = <A>(context: Context, ask: () => Bounded<A>): Promise<E.Either<Verdict, Drained<A>>> =>
  retry(context, 'read', (ms) => tryOnce(context, ask, ms))
